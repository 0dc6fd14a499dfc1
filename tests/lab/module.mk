# SPDX-License-Identifier: GPL-3.0-or-later
# Real daemons, real guests, real migrations; with a few of tests/faults. Most of these wait most of the time, for
# guests that boot and memory that is sent, and ask what happened, not how long it took: LAB_JOBS of them at a time,
# each with a lab of its own, the longest first. Then, one after the other, LAB_ALONE_TESTS.
LAB_JOBS = 3
.PHONY: check-lab check-lab-beside check-lab-alone
check-lab: all tests/lab/lab-tool$(EXEEXT)
	@status=0; \
	$(MAKE) $(AM_MAKEFLAGS) check-lab-beside || status=1; \
	$(MAKE) $(AM_MAKEFLAGS) check-lab-alone || status=1; \
	exit $$status
check-lab-beside: all tests/lab/lab-tool$(EXEEXT)
	$(MAKE) $(AM_MAKEFLAGS) -j$(LAB_JOBS) check-TESTS TESTS='$(FAULT_TESTS) $(LAB_TESTS)' \
	  TEST_SUITE_LOG=tests/lab/test-suite.log
check-lab-alone: all tests/lab/lab-tool$(EXEEXT)
	$(MAKE) $(AM_MAKEFLAGS) -j1 check-TESTS TESTS='$(LAB_ALONE_TESTS)'

check_PROGRAMS += tests/lab/lab-tool
tests_lab_lab_tool_SOURCES = tests/lab/lab-tool.c
tests_lab_lab_tool_LDADD = src/lab/liblab.a src/base/libbase.a $(GLIB_LIBS)

LAB_TESTS = \
	tests/lab/test-run-restore.sh \
	tests/lab/test-plan-resume.sh \
	tests/lab/test-plan-execute.sh \
	tests/lab/test-run-bad.sh \
	tests/lab/test-run-calibration.sh \
	tests/lab/test-run-ssh.sh \
	tests/lab/test-run-pool.sh \
	tests/lab/test-ssh-terminal.sh \
	tests/lab/test-plan-exchange.sh \
	tests/lab/test-run-existing.sh \
	tests/lab/test-run-interrupt.sh \
	tests/lab/test-run-resume.sh \
	tests/lab/test-run-disk.sh \
	tests/lab/test-run-post-copy.sh \
	tests/lab/test-run-tls.sh \
	tests/lab/test-run-sweep.sh \
	tests/lab/test-plan-options.sh \
	tests/lab/test-plan-signals.sh \
	tests/lab/test-plan-cut-off.sh \
	tests/lab/test-plan-storage.sh \
	tests/lab/test-plan-obstacles.sh \
	tests/lab/test-watch.sh \
	tests/lab/test-lab-command.sh \
	tests/lab/test-run-bridge.sh \
	tests/lab/test-run-many.sh \
	tests/lab/test-lab-two.sh \
	tests/lab/test-run-parallel.sh \
	tests/lab/test-plan-live.sh

# What these ask depends on who else has the CPUs: downtimes and outages that agree (smoke, network, lab-network,
# probe-existing, server),
# transfers that differ (link, race), what guests and observing take of a CPU (plan-three,
# plan-operator, observing, management), pages that are lost while they are sent (damage), a guest that comes up in time (lab-kvm). Or they look
# at what all labs of a machine share, as the kernel's autogroups (lab-crash, lab-errors, lab-up).
LAB_ALONE_TESTS = \
	tests/lab/test-lab-crash.sh \
	tests/lab/test-lab-errors.sh \
	tests/lab/test-lab-kvm.sh \
	tests/lab/test-lab-network.sh \
	tests/lab/test-lab-up.sh \
	tests/lab/test-plan-operator.sh \
	tests/lab/test-plan-three.sh \
	tests/lab/test-probe-existing.sh \
	tests/lab/test-run-damage.sh \
	tests/lab/test-run-link.sh \
	tests/lab/test-run-management.sh \
	tests/lab/test-run-network.sh \
	tests/lab/test-run-observing.sh \
	tests/lab/test-run-race.sh \
	tests/lab/test-run-server.sh \
	tests/lab/test-run-smoke.sh
dist_check_SCRIPTS += $(LAB_TESTS) $(LAB_ALONE_TESTS)
EXTRA_DIST += tests/lab/lib.sh tests/lab/lib-execute.sh tests/lab/lib-result.sh tests/lab/lib-ssh.sh \
	tests/lab/lib-run.sh \
	tests/lab/studies/run-damage.xml tests/lab/studies/run-disk.xml tests/lab/studies/run-post-copy.xml tests/lab/studies/run-post-copy-late.xml tests/lab/studies/run-management.xml tests/lab/studies/run-many.xml tests/lab/studies/run-network.xml tests/lab/studies/run-one.xml tests/lab/studies/run-parallel.xml \
	tests/lab/studies/run-race.xml tests/lab/studies/run-server.xml \
	tests/lab/studies/run-slow.xml tests/lab/studies/run-sweep.xml

# Guests of another architecture, emulated: a target of its own, as it needs a cross compiler, QEMU for ARM, and
# an archive of packages to take a kernel from. What it makes stays until make clean.
ARM64_CC = aarch64-linux-gnu-gcc
ARM64_TESTS = tests/lab/test-run-arm64.sh
dist_check_SCRIPTS += $(ARM64_TESTS) tests/lab/fetch-kernel
CLEANFILES += tests/lab/arm64/migcost-guest tests/lab/arm64/guest.cpio.gz tests/lab/arm64/vmlinuz
tests/lab/arm64/migcost-guest: $(guest_files) config.h
	$(AM_V_CCLD)$(MKDIR_P) tests/lab/arm64 && $(ARM64_CC) $(link_guest)
tests/lab/arm64/guest.cpio.gz: tests/lab/arm64/migcost-guest $(MKINITRAMFS)
	$(AM_V_GEN)$(MKINITRAMFS) $@.part tests/lab/arm64/migcost-guest && mv $@.part $@
tests/lab/arm64/vmlinuz:
	$(AM_V_GEN)$(MKDIR_P) tests/lab/arm64 && $(srcdir)/tests/lab/fetch-kernel arm64 $@

.PHONY: check-arm64
check-arm64: all tests/lab/arm64/guest.cpio.gz tests/lab/arm64/vmlinuz
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS='$(ARM64_TESTS)'
