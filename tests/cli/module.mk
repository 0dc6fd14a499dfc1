# SPDX-License-Identifier: GPL-3.0-or-later
CLI_TESTS = \
	tests/cli/test-bad-input.sh \
	tests/cli/test-check-all.sh \
	tests/cli/test-commands.sh \
	tests/cli/test-compare.sh \
	tests/cli/test-completion.sh \
	tests/cli/test-fleets.sh \
	tests/cli/test-format.sh \
	tests/cli/test-hostile.sh \
	tests/cli/test-html.sh \
	tests/cli/test-install.sh \
	tests/cli/test-links.sh \
	tests/cli/test-locale.sh \
	tests/cli/test-markdown.sh \
	tests/cli/test-paper.sh \
	tests/cli/test-plan.sh \
	tests/cli/test-predict.sh \
	tests/cli/test-questions.sh \
	tests/cli/test-reading.sh \
	tests/cli/test-recorded.sh \
	tests/cli/test-rooms.sh \
	tests/cli/test-quickstart.sh \
	tests/cli/test-signals.sh \
	tests/cli/test-spool.sh \
	tests/cli/test-ssh-helper.sh \
	tests/cli/test-study-man.sh \
	tests/cli/test-tally.sh \
	tests/cli/test-tries.sh \
	tests/cli/test-wording.sh
TESTS += $(CLI_TESTS)
EXTRA_DIST += $(CLI_TESTS) tests/cli/crossed.sh tests/cli/links.sh tests/cli/schema.py tests/tap.sh
EXTRA_DIST += \
	tests/data/README.md tests/data/fleet.csv tests/data/fleets tests/data/plan.html \
	tests/data/plan-node-a.xml tests/data/plan-node-b.xml \
	tests/data/compare-failing.txt tests/data/compare-itself.txt tests/data/compare-other.txt \
	tests/data/compare-slow.html tests/data/compare-slow.json tests/data/compare-slow.txt \
	tests/data/recorded-kvm tests/data/recorded-kvm.csv tests/data/recorded-kvm.screen tests/data/recorded-kvm.txt \
	tests/data/recorded-kvm-load-balancing tests/data/recorded-kvm-load-balancing.csv tests/data/recorded-kvm-load-balancing.screen tests/data/recorded-kvm-load-balancing.txt \
	tests/data/recorded-lab-bottleneck-10g tests/data/recorded-lab-bottleneck-10g.csv tests/data/recorded-lab-bottleneck-10g.screen tests/data/recorded-lab-bottleneck-10g.txt \
	tests/data/recorded-lab-bottleneck-250m tests/data/recorded-lab-bottleneck-250m.csv tests/data/recorded-lab-bottleneck-250m.screen tests/data/recorded-lab-bottleneck-250m.txt \
	tests/data/recorded-lab-bottleneck-full tests/data/recorded-lab-bottleneck-full.csv tests/data/recorded-lab-bottleneck-full.screen tests/data/recorded-lab-bottleneck-full.txt \
	tests/data/recorded-lab-sending-cost tests/data/recorded-lab-sending-cost.csv tests/data/recorded-lab-sending-cost.screen tests/data/recorded-lab-sending-cost.txt \
	tests/data/recorded-lab-interference tests/data/recorded-lab-interference.csv tests/data/recorded-lab-interference.screen tests/data/recorded-lab-interference.txt \
	tests/data/recorded-lab-full tests/data/recorded-lab-full.csv tests/data/recorded-lab-full.screen tests/data/recorded-lab-full.txt \
	tests/data/recorded-lab-load-balancing tests/data/recorded-lab-load-balancing.csv tests/data/recorded-lab-load-balancing.screen tests/data/recorded-lab-load-balancing.txt \
	tests/data/recorded-lab-quarter tests/data/recorded-lab-quarter.csv tests/data/recorded-lab-quarter.screen tests/data/recorded-lab-quarter.txt \
	tests/data/recorded-xen-quarter tests/data/recorded-xen-quarter.csv tests/data/recorded-xen-quarter.screen tests/data/recorded-xen-quarter.txt \
	tests/data/recorded-xen-full tests/data/recorded-xen-full.csv tests/data/recorded-xen-full.screen tests/data/recorded-xen-full.txt \
	tests/data/recorded-xen-quarter-2 tests/data/recorded-xen-quarter-2.csv tests/data/recorded-xen-quarter-2.screen tests/data/recorded-xen-quarter-2.txt \
	tests/data/recorded-xen-maintenance tests/data/recorded-xen-maintenance.csv tests/data/recorded-xen-maintenance.screen tests/data/recorded-xen-maintenance.txt \
	tests/data/recorded-xen-maintenance-2 tests/data/recorded-xen-maintenance-2.csv tests/data/recorded-xen-maintenance-2.screen tests/data/recorded-xen-maintenance-2.txt \
	tests/data/recorded-xen-dirty-rate tests/data/recorded-xen-dirty-rate.csv tests/data/recorded-xen-dirty-rate.screen tests/data/recorded-xen-dirty-rate.txt \
	tests/data/recorded-xen-single tests/data/recorded-xen-single.csv tests/data/recorded-xen-single.screen tests/data/recorded-xen-single.txt \
	tests/data/recorded-load-balancing tests/data/recorded-load-balancing.csv tests/data/recorded-load-balancing.screen tests/data/recorded-load-balancing.txt \
	tests/data/recorded-paper tests/data/recorded-paper.csv tests/data/recorded-paper.screen tests/data/recorded-paper.txt \
	tests/data/recorded-smoke tests/data/recorded-smoke.csv tests/data/recorded-smoke.screen tests/data/recorded-smoke.json tests/data/recorded-smoke.txt \
	tests/data/recorded-xen-interference tests/data/recorded-xen-interference.csv tests/data/recorded-xen-interference.screen tests/data/recorded-xen-interference.txt \
	tests/data/recorded-xen-load-balancing tests/data/recorded-xen-load-balancing.csv tests/data/recorded-xen-load-balancing.screen tests/data/recorded-xen-load-balancing.txt
EXTRA_DIST += \
	tests/data/recorded-load-balancing.figures tests/data/recorded-load-balancing.html \
	tests/data/recorded-smoke.figures tests/data/recorded-smoke.html tests/data/recorded-smoke.md tests/data/paper.figures
