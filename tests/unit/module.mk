# SPDX-License-Identifier: GPL-3.0-or-later
# Unit tests: one program per noun, GLib's test framework, TAP, nothing real beside them.
# UNIT_LIBS: link order as in src/cli/module.mk.
check_PROGRAMS += tests/unit/test-units
TESTS += tests/unit/test-units
tests_unit_test_units_SOURCES = tests/unit/test-units.c
tests_unit_test_units_LDADD = src/base/libbase.a $(GLIB_LIBS)

check_PROGRAMS += tests/unit/test-text
TESTS += tests/unit/test-text
tests_unit_test_text_SOURCES = tests/unit/test-text.c
tests_unit_test_text_LDADD = src/base/libbase.a $(GLIB_LIBS)

check_PROGRAMS += tests/unit/test-results
TESTS += tests/unit/test-results
tests_unit_test_results_SOURCES = tests/unit/test-results.c
tests_unit_test_results_LDADD = src/results/libresults.a src/base/libbase.a $(CSV_LIBS) $(GLIB_LIBS)

check_PROGRAMS += tests/unit/test-columns
TESTS += tests/unit/test-columns
tests_unit_test_columns_SOURCES = \
	tests/unit/test-columns.c tests/unit/manpage.c tests/unit/manpage.h
tests_unit_test_columns_LDADD = src/results/libresults.a src/base/libbase.a $(CSV_LIBS) $(GLIB_LIBS)
# the guest program and its protocol
WORKLOAD_TESTS = \
	tests/unit/test-workload-memory tests/unit/test-workload-options \
	tests/unit/test-workload-pacing tests/unit/test-workload-program
check_PROGRAMS += tests/unit/test-protocol $(WORKLOAD_TESTS)
TESTS += tests/unit/test-protocol $(WORKLOAD_TESTS)
WORKLOAD_TEST_LIBS = workloads/libguest.a workloads/libprotocol.a $(GLIB_LIBS) -lpthread
tests_unit_test_protocol_SOURCES = tests/unit/test-protocol.c
tests_unit_test_protocol_LDADD = workloads/libprotocol.a $(GLIB_LIBS)
tests_unit_test_workload_memory_SOURCES = tests/unit/test-workload-memory.c
tests_unit_test_workload_memory_LDADD = $(WORKLOAD_TEST_LIBS)
tests_unit_test_workload_options_SOURCES = \
	tests/unit/test-workload-options.c tests/unit/manpage.c tests/unit/manpage.h
tests_unit_test_workload_options_LDADD = $(WORKLOAD_TEST_LIBS)
tests_unit_test_workload_pacing_SOURCES = tests/unit/test-workload-pacing.c
tests_unit_test_workload_pacing_LDADD = $(WORKLOAD_TEST_LIBS)
tests_unit_test_workload_program_SOURCES = tests/unit/test-workload-program.c
tests_unit_test_workload_program_LDADD = workloads/libprotocol.a $(GLIB_LIBS)
STUDY_TEST_LIBS = src/study/libstudy.a src/base/libbase.a $(LIBXML_LIBS) $(GLIB_LIBS)
check_PROGRAMS += tests/unit/test-study tests/unit/test-study-errors tests/unit/test-schedule tests/unit/test-sweep
TESTS += tests/unit/test-study tests/unit/test-study-errors tests/unit/test-schedule tests/unit/test-sweep
tests_unit_test_sweep_SOURCES = tests/unit/test-sweep.c
tests_unit_test_sweep_LDADD = $(STUDY_TEST_LIBS)
tests_unit_test_study_SOURCES = tests/unit/test-study.c tests/unit/studies.c tests/unit/studies.h
tests_unit_test_study_LDADD = $(STUDY_TEST_LIBS)
tests_unit_test_study_errors_SOURCES = tests/unit/test-study-errors.c tests/unit/studies.c tests/unit/studies.h
tests_unit_test_study_errors_LDADD = $(STUDY_TEST_LIBS)
tests_unit_test_schedule_SOURCES = tests/unit/test-schedule.c
tests_unit_test_schedule_LDADD = $(STUDY_TEST_LIBS)

check_PROGRAMS += tests/unit/test-route
TESTS += tests/unit/test-route
tests_unit_test_route_SOURCES = tests/unit/test-route.c
tests_unit_test_route_LDADD = $(MIG_LIBS) -lpthread
check_PROGRAMS += tests/unit/test-heartbeat-stream tests/unit/test-stop-limits tests/unit/test-template
TESTS += tests/unit/test-heartbeat-stream tests/unit/test-stop-limits tests/unit/test-template
tests_unit_test_heartbeat_stream_SOURCES = tests/unit/test-heartbeat-stream.c
tests_unit_test_heartbeat_stream_LDADD = $(MIG_LIBS) -lpthread
tests_unit_test_stop_limits_SOURCES = tests/unit/test-stop-limits.c
tests_unit_test_stop_limits_LDADD = $(MIG_LIBS) -lpthread
tests_unit_test_template_SOURCES = tests/unit/test-template.c
tests_unit_test_template_LDADD = src/virt/libvirt_room.a src/study/libstudy.a src/base/libbase.a $(LIBVIRT_LIBS) $(LIBXML_LIBS) $(GLIB_LIBS)

check_PROGRAMS += tests/unit/test-analysis tests/unit/test-analysis-study
TESTS += tests/unit/test-analysis tests/unit/test-analysis-study
tests_unit_test_analysis_SOURCES = \
	tests/unit/test-analysis.c tests/unit/manpage.c tests/unit/manpage.h
tests_unit_test_analysis_LDADD = $(MIG_LIBS) -lpthread
tests_unit_test_analysis_study_SOURCES = \
	tests/unit/test-analysis-study.c tests/unit/synthetic.c tests/unit/synthetic.h
tests_unit_test_analysis_study_LDADD = $(MIG_LIBS) -lpthread

check_PROGRAMS += tests/unit/test-statistics
TESTS += tests/unit/test-statistics
tests_unit_test_statistics_SOURCES = tests/unit/test-statistics.c
tests_unit_test_statistics_LDADD = $(MIG_LIBS) -lpthread

check_PROGRAMS += tests/unit/test-compare
TESTS += tests/unit/test-compare
tests_unit_test_compare_SOURCES = tests/unit/test-compare.c
tests_unit_test_compare_LDADD = $(MIG_LIBS) -lpthread

check_PROGRAMS += tests/unit/test-noise
TESTS += tests/unit/test-noise
tests_unit_test_noise_SOURCES = tests/unit/test-noise.c
tests_unit_test_noise_LDADD = $(MIG_LIBS) -lpthread

check_PROGRAMS += tests/unit/test-paper
TESTS += tests/unit/test-paper
tests_unit_test_paper_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)
tests_unit_test_paper_SOURCES = tests/unit/test-paper.c
tests_unit_test_paper_LDADD = $(MIG_LIBS) -lpthread

check_PROGRAMS += tests/unit/test-report
TESTS += tests/unit/test-report
tests_unit_test_report_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)
tests_unit_test_report_SOURCES = \
	tests/unit/test-report.c tests/unit/synthetic.c tests/unit/synthetic.h
tests_unit_test_report_LDADD = $(MIG_LIBS) -lpthread
# made by MIG_UPDATE_GOLDEN=1 tests/unit/test-report, from top_srcdir
EXTRA_DIST += \
	tests/data/synthetic-bare.csv tests/data/synthetic-bare.txt \
	tests/data/synthetic-failing.csv tests/data/synthetic-failing.json tests/data/synthetic-failing.txt \
	tests/data/synthetic-single.csv tests/data/synthetic-single.txt \
	tests/data/synthetic-whole.csv tests/data/synthetic-whole.txt

check_PROGRAMS += tests/unit/test-figure
TESTS += tests/unit/test-figure
tests_unit_test_figure_SOURCES = tests/unit/test-figure.c
tests_unit_test_figure_LDADD = $(tests_unit_test_report_LDADD)

# time and memory of a report on more than 1,000,000 heartbeats
noinst_PROGRAMS += tests/unit/bench-report
tests_unit_bench_report_SOURCES = \
	tests/unit/bench-report.c tests/unit/synthetic.c tests/unit/synthetic.h
tests_unit_bench_report_LDADD = $(tests_unit_test_report_LDADD)
check_PROGRAMS += tests/unit/test-lab
TESTS += tests/unit/test-lab
tests_unit_test_lab_SOURCES = tests/unit/test-lab.c
tests_unit_test_lab_LDADD = src/lab/liblab.a src/base/libbase.a $(GLIB_LIBS)

check_PROGRAMS += tests/unit/test-loop
TESTS += tests/unit/test-loop
tests_unit_test_loop_CFLAGS = $(AM_CFLAGS) $(LIBVIRT_CFLAGS)
tests_unit_test_loop_SOURCES = tests/unit/test-loop.c
tests_unit_test_loop_LDADD = src/virt/libvirt_room.a src/study/libstudy.a src/base/libbase.a $(LIBVIRT_LIBS) $(LIBXML_LIBS) $(GLIB_LIBS)
check_PROGRAMS += tests/unit/test-emulator
TESTS += tests/unit/test-emulator
tests_unit_test_emulator_SOURCES = tests/unit/test-emulator.c
tests_unit_test_emulator_LDADD = $(MIG_LIBS) -lpthread

check_PROGRAMS += tests/unit/test-model tests/unit/test-plan
TESTS += tests/unit/test-model tests/unit/test-plan
tests_unit_test_model_SOURCES = tests/unit/test-model.c tests/unit/fleets.c tests/unit/fleets.h
tests_unit_test_model_LDADD = $(MIG_LIBS) -lpthread
tests_unit_test_plan_SOURCES = tests/unit/test-plan.c tests/unit/fleets.c tests/unit/fleets.h
tests_unit_test_plan_LDADD = $(tests_unit_test_model_LDADD)
check_PROGRAMS += tests/unit/test-forecast tests/unit/test-accuracy tests/unit/test-predictions
TESTS += tests/unit/test-forecast tests/unit/test-accuracy tests/unit/test-predictions
tests_unit_test_forecast_SOURCES = tests/unit/test-forecast.c tests/unit/fleets.c tests/unit/fleets.h
tests_unit_test_forecast_LDADD = $(tests_unit_test_model_LDADD)
tests_unit_test_accuracy_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)
tests_unit_test_accuracy_SOURCES = tests/unit/test-accuracy.c tests/unit/synthetic.c tests/unit/synthetic.h
tests_unit_test_accuracy_LDADD = $(tests_unit_test_report_LDADD)
tests_unit_test_predictions_SOURCES = tests/unit/test-predictions.c
tests_unit_test_predictions_LDADD = $(tests_unit_test_check_LDADD)
check_PROGRAMS += tests/unit/test-adjust
TESTS += tests/unit/test-adjust
tests_unit_test_adjust_SOURCES = tests/unit/test-adjust.c tests/unit/fleets.c tests/unit/fleets.h
tests_unit_test_adjust_LDADD = $(tests_unit_test_model_LDADD)
check_PROGRAMS += tests/unit/test-calibrate
TESTS += tests/unit/test-calibrate
tests_unit_test_calibrate_SOURCES = tests/unit/test-calibrate.c tests/unit/fleets.c tests/unit/fleets.h
tests_unit_test_calibrate_LDADD = $(MIG_LIBS) -lpthread

# time and memory of plans for fleets of growing size
noinst_PROGRAMS += tests/unit/bench-plan
tests_unit_bench_plan_SOURCES = tests/unit/bench-plan.c tests/unit/fleets.c tests/unit/fleets.h
tests_unit_bench_plan_LDADD = $(tests_unit_test_model_LDADD)
check_PROGRAMS += tests/unit/test-check
TESTS += tests/unit/test-check
tests_unit_test_check_SOURCES = tests/unit/test-check.c
tests_unit_test_check_LDADD = $(MIG_LIBS) -lpthread
check_PROGRAMS += tests/unit/test-survey
TESTS += tests/unit/test-survey
tests_unit_test_survey_SOURCES = tests/unit/test-survey.c
tests_unit_test_survey_LDADD = $(MIG_LIBS) -lpthread
check_PROGRAMS += tests/unit/test-plan-progress
TESTS += tests/unit/test-plan-progress
tests_unit_test_plan_progress_SOURCES = tests/unit/test-plan-progress.c
tests_unit_test_plan_progress_LDADD = $(MIG_LIBS) -lpthread
check_PROGRAMS += tests/unit/test-migration-tracker
TESTS += tests/unit/test-migration-tracker
tests_unit_test_migration_tracker_SOURCES = tests/unit/test-migration-tracker.c
tests_unit_test_migration_tracker_LDADD = $(MIG_LIBS) -lpthread
check_PROGRAMS += tests/unit/test-resume
TESTS += tests/unit/test-resume
tests_unit_test_resume_SOURCES = tests/unit/test-resume.c
tests_unit_test_resume_LDADD = $(tests_unit_test_check_LDADD)
check_PROGRAMS += tests/unit/test-undo
TESTS += tests/unit/test-undo
tests_unit_test_undo_SOURCES = tests/unit/test-undo.c
tests_unit_test_undo_LDADD = $(tests_unit_test_check_LDADD)
check_PROGRAMS += tests/unit/test-existing
TESTS += tests/unit/test-existing
tests_unit_test_existing_SOURCES = tests/unit/test-existing.c
tests_unit_test_existing_LDADD = $(tests_unit_test_check_LDADD)
check_PROGRAMS += tests/unit/test-upload
TESTS += tests/unit/test-upload
tests_unit_test_upload_CFLAGS = $(AM_CFLAGS) $(LIBVIRT_CFLAGS)
tests_unit_test_upload_SOURCES = tests/unit/test-upload.c
tests_unit_test_upload_LDADD = $(tests_unit_test_check_LDADD)
check_PROGRAMS += tests/unit/test-round-trip
TESTS += tests/unit/test-round-trip
tests_unit_test_round_trip_SOURCES = tests/unit/test-round-trip.c
tests_unit_test_round_trip_LDADD = $(tests_unit_test_check_LDADD)
