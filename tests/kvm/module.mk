# SPDX-License-Identifier: GPL-3.0-or-later
# The emulated KVM pair: installed too, so that it can be had without the sources. check-kvm is a target
# of its own, which check-all makes too: it needs minutes, packages from an archive, and 6 GB of memory.
kvmdir = $(pkglibexecdir)/kvm
dist_kvm_SCRIPTS = tests/kvm/kvm-pair tests/kvm/image-hook tests/kvm/kvm-init
dist_kvm_DATA = tests/kvm/facts.sh tests/kvm/qemu.conf

KVM_TESTS = tests/kvm/test-run.sh tests/kvm/test-walk.sh tests/kvm/test-guests.sh tests/kvm/test-run-network.sh
EXTRA_DIST += $(KVM_TESTS) tests/kvm/lib-ssh.sh \
	tests/kvm/studies/load-balancing.xml tests/kvm/studies/dirty-ring.xml

.PHONY: check-kvm check-kvm-releases
check-kvm: all
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS='$(KVM_TESTS)' TEST_SUITE_LOG=tests/kvm/test-suite.log

# From Debian 12 to 13 and back: another image, so a target of its own.
EXTRA_DIST += tests/kvm/test-releases.sh
check-kvm-releases: all
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS=tests/kvm/test-releases.sh
