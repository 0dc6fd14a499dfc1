# SPDX-License-Identifier: GPL-3.0-or-later
# Unit tests: one program per noun, GLib's test framework, TAP, nothing real beside them. A new one is a line here:
# its source is the file of its name, and all rooms are linked.
UNIT_TESTS = \
	tests/unit/test-accuracy \
	tests/unit/test-adjust \
	tests/unit/test-analysis \
	tests/unit/test-analysis-study \
	tests/unit/test-announcement \
	tests/unit/test-answers \
	tests/unit/test-cached-verdict \
	tests/unit/test-calibrate \
	tests/unit/test-calibrations \
	tests/unit/test-check \
	tests/unit/test-check-guests \
	tests/unit/test-check-settings \
	tests/unit/test-clients \
	tests/unit/test-clock-gap \
	tests/unit/test-columns \
	tests/unit/test-copied-disks \
	tests/unit/test-compare \
	tests/unit/test-compare-errors \
	tests/unit/test-definitions \
	tests/unit/test-dirty-rates \
	tests/unit/test-disk-model \
	tests/unit/test-emulator \
	tests/unit/test-equivalence \
	tests/unit/test-extent \
	tests/unit/test-existing \
	tests/unit/test-facts \
	tests/unit/test-figure \
	tests/unit/test-forecast \
	tests/unit/test-full-size \
	tests/unit/test-given-cpus \
	tests/unit/test-heartbeat-pace \
	tests/unit/test-heartbeat-stream \
	tests/unit/test-impossible \
	tests/unit/test-lab \
	tests/unit/test-latency \
	tests/unit/test-load-generator \
	tests/unit/test-load-relay \
	tests/unit/test-log \
	tests/unit/test-loop \
	tests/unit/test-migration-settings \
	tests/unit/test-migration-ends \
	tests/unit/test-migration-options \
	tests/unit/test-migration-reconcile \
	tests/unit/test-migration-tracker \
	tests/unit/test-model \
	tests/unit/test-more-time \
	tests/unit/test-noise \
	tests/unit/test-observing-cost \
	tests/unit/test-observing-periods \
	tests/unit/test-obstacle \
	tests/unit/test-obstacle-at \
	tests/unit/test-occupancy \
	tests/unit/test-option-values \
	tests/unit/test-order-factors \
	tests/unit/test-order-map \
	tests/unit/test-outage \
	tests/unit/test-outage-model \
	tests/unit/test-outage-metrics \
	tests/unit/test-outcome \
	tests/unit/test-claim-race \
	tests/unit/test-claims \
	tests/unit/test-paired-test \
	tests/unit/test-paper \
	tests/unit/test-plan \
	tests/unit/test-plan-figures \
	tests/unit/test-plan-progress \
	tests/unit/test-pool \
	tests/unit/test-post-copy \
	tests/unit/test-predictions \
	tests/unit/test-probe \
	tests/unit/test-probe-spec \
	tests/unit/test-probe-log \
	tests/unit/test-prober \
	tests/unit/test-probe-guest \
	tests/unit/test-probe-selection \
	tests/unit/test-protocol \
	tests/unit/test-interrupted \
	tests/unit/test-json \
	tests/unit/test-json-stream \
	tests/unit/test-race \
	tests/unit/test-reading-cost \
	tests/unit/test-repetition-guests \
	tests/unit/test-replan \
	tests/unit/test-report \
	tests/unit/test-request \
	tests/unit/test-result-writer \
	tests/unit/test-results \
	tests/unit/test-resume \
	tests/unit/test-resumed-hosts \
	tests/unit/test-rolling \
	tests/unit/test-round-trip \
	tests/unit/test-route \
	tests/unit/test-run-host \
	tests/unit/test-run-job \
	tests/unit/test-run-migration \
	tests/unit/test-run-race \
	tests/unit/test-saved-guests \
	tests/unit/test-saved-image \
	tests/unit/test-scale \
	tests/unit/test-schedule \
	tests/unit/test-settle \
	tests/unit/test-ssh-transport \
	tests/unit/test-skipped-guests \
	tests/unit/test-statistics \
	tests/unit/test-steady-state \
	tests/unit/test-stop-limits \
	tests/unit/test-study \
	tests/unit/test-study-errors \
	tests/unit/test-study-forecast \
	tests/unit/test-study-network \
	tests/unit/test-survey \
	tests/unit/test-sweep \
	tests/unit/test-target-state \
	tests/unit/test-target-waits \
	tests/unit/test-technique-probe \
	tests/unit/test-template \
	tests/unit/test-terminal \
	tests/unit/test-text \
	tests/unit/test-tls-cost \
	tests/unit/test-unattended \
	tests/unit/test-undo \
	tests/unit/test-units \
	tests/unit/test-upload \
	tests/unit/test-virt \
	tests/unit/test-watch \
	tests/unit/test-watch-hosts \
	tests/unit/test-virt-error \
	tests/unit/test-watch-metrics \
	tests/unit/test-workload-command \
	tests/unit/test-workload-io \
	tests/unit/test-workload-memory \
	tests/unit/test-workload-options \
	tests/unit/test-workload-pacing \
	tests/unit/test-workload-program \
	tests/unit/test-workload-server \
	tests/unit/test-xen-job
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)

# What several of them use.
check_LIBRARIES += tests/unit/libunit.a
tests_unit_libunit_a_SOURCES = \
	tests/unit/case-values.c tests/unit/case-values.h \
	tests/unit/claim-world.c tests/unit/claim-world.h \
	tests/unit/exact-schedule.c tests/unit/exact-schedule.h \
	tests/unit/existing-world.c tests/unit/existing-world.h \
	tests/unit/fleets.c tests/unit/fleets.h \
	tests/unit/local-prober.c tests/unit/local-prober.h \
	tests/unit/manpage.c tests/unit/manpage.h \
	tests/unit/obstacle-host.c tests/unit/obstacle-host.h \
	tests/unit/one-domain-host.c tests/unit/one-domain-host.h \
	tests/unit/pool-host.c tests/unit/pool-host.h \
	tests/unit/probe-series.c tests/unit/probe-series.h \
	tests/unit/race-world.c tests/unit/race-world.h \
	tests/unit/recorded.c tests/unit/recorded.h \
	tests/unit/result-fixture.c tests/unit/result-fixture.h \
	tests/unit/run-tables.c tests/unit/run-tables.h \
	tests/unit/screen.c tests/unit/screen.h \
	tests/unit/studies.c tests/unit/studies.h \
	tests/unit/synthetic.c tests/unit/synthetic.h \
	tests/unit/target-fleets.c tests/unit/target-fleets.h \
	tests/unit/tracker-steps.c tests/unit/tracker-steps.h \
	tests/unit/trainings.c tests/unit/trainings.h \
	tests/unit/watch-world.c tests/unit/watch-world.h

# Of every program that names no libraries of its own. MIG_LIBS: src/cli/module.mk.
LDADD = tests/unit/libunit.a $(MIG_LIBS) -lpthread

# of the room of the commands, which is no library
tests_unit_test_option_values_SOURCES = tests/unit/test-option-values.c src/cli/option-values.c

tests_unit_test_terminal_SOURCES = tests/unit/test-terminal.c src/cli/terminal.c src/cli/terminal-modes.c

run_job_sources = \
	src/cli/run-end.c src/cli/run-race.c src/cli/run-decisions.c src/cli/run-claims.c \
	src/cli/run-job.c src/cli/run-study.c src/cli/changed-study.c src/cli/option-values.c

tests_unit_test_run_race_SOURCES = tests/unit/test-run-race.c $(run_job_sources)

tests_unit_test_run_job_SOURCES = tests/unit/test-run-job.c $(run_job_sources)

# counts comparisons of names
tests_unit_test_reading_cost_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=strcmp,--wrap=g_strcmp0,--wrap=g_str_equal

# has errors of its own
tests_unit_test_run_migration_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=virGetLastError,--wrap=virDomainGetState

# hosts and guests do as it says
tests_unit_test_repetition_guests_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=mig_host_uri,--wrap=mig_saved_image_has_room,--wrap=mig_saved_guests_save \
	-Wl,--wrap=mig_run_guest_start,--wrap=mig_guest_console_forget_rates,--wrap=mig_guest_abort_save

# CPUs compare, and memory is free, as it says
tests_unit_test_check_guests_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=mig_host_compare_cpu,--wrap=mig_host_free_memory,--wrap=mig_host_baseline_guest_cpu

# skip the time that they wait; their world answers in libvirt's place, which no other program is to see
settle_world = tests/unit/settle-world.c tests/unit/settle-world.h
tests_unit_test_settle_SOURCES = tests/unit/test-settle.c $(settle_world)
tests_unit_test_settle_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=mig_clock_now,--wrap=mig_clock_sleep_until,--wrap=mig_clock_wait
tests_unit_test_unattended_SOURCES = tests/unit/test-unattended.c $(settle_world)
tests_unit_test_unattended_LDFLAGS = $(tests_unit_test_settle_LDFLAGS)

# has a lab of its own
tests_unit_test_survey_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=mig_lab_find_host

# counts texts that are copied
tests_unit_test_rolling_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=g_strdup

# Time and memory: of a report on more than 1,000,000 heartbeats, of plans for fleets of growing size; exchanges; what races save.
noinst_PROGRAMS += tests/unit/bench-report tests/unit/bench-plan tests/unit/bench-exchange tests/unit/bench-race

# made by MIG_UPDATE_GOLDEN=1 tests/unit/test-report, from top_srcdir
EXTRA_DIST += \
	tests/data/synthetic-bare.csv tests/data/synthetic-bare.txt \
	tests/data/synthetic-failing.csv tests/data/synthetic-failing.json tests/data/synthetic-failing.txt \
	tests/data/synthetic-single.csv tests/data/synthetic-single.txt \
	tests/data/synthetic-whole.csv tests/data/synthetic-whole.txt
