# SPDX-License-Identifier: GPL-3.0-or-later
# What breaks in a run. make check-lab tries a few faults, make check-faults all of them, with all
# kinds of guests, by both who may drive a migration: in more than an hour.
FAULT_TESTS = tests/faults/test-faults.sh
dist_check_SCRIPTS += $(FAULT_TESTS)
EXTRA_DIST += \
	tests/faults/record-tries tests/faults/tries tests/faults/whereabouts \
	tests/faults/lib-faults.sh tests/faults/lib-hosts.sh tests/faults/lib-ways.sh tests/faults/fault.xml \
	tests/faults/fault-console.sh \
	tests/faults/fault-daemon-hangs.sh tests/faults/fault-daemon-round.sh \
	tests/faults/fault-daemon-setup.sh \
	tests/faults/fault-daemon-source.sh tests/faults/fault-daemon-switch.sh \
	tests/faults/fault-disk-full.sh \
	tests/faults/fault-link-cut.sh tests/faults/fault-link-gone.sh tests/faults/fault-link-slow.sh \
	tests/faults/fault-memory-round.sh tests/faults/fault-memory-setup.sh \
	tests/faults/fault-name-clash.sh tests/faults/fault-panic.sh tests/faults/fault-power-off.sh \
	tests/faults/fault-qemu-arrived.sh tests/faults/fault-qemu-destination.sh tests/faults/fault-qemu-source.sh \
	tests/faults/fault-signal-int.sh tests/faults/fault-signal-kill.sh tests/faults/fault-signal-random.sh
.PHONY: check-faults
check-faults:
	MIGCOST_TEST_FAULTS="$${MIGCOST_TEST_FAULTS-all}" MIGCOST_TEST_WAYS="$${MIGCOST_TEST_WAYS-all}" \
	  MIGCOST_TEST_RECORD=1 MIGCOST_TEST_MOMENTS=$${MIGCOST_TEST_MOMENTS-20} \
	  $(MAKE) $(AM_MAKEFLAGS) check TESTS='$(FAULT_TESTS)'
	@grep '^# ' tests/faults/test-faults.log
