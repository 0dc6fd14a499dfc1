# SPDX-License-Identifier: GPL-3.0-or-later
# Hostile input. make check replays tests/fuzz/corpus; make fuzz looks for more with clang's libFuzzer.
FUZZ_TARGETS = fleet heartbeat-stream journal page report resume study svg table template training
FUZZ_TESTS = \
	tests/fuzz/replay-fleet tests/fuzz/replay-heartbeat-stream tests/fuzz/replay-journal \
	tests/fuzz/replay-page tests/fuzz/replay-report tests/fuzz/replay-resume tests/fuzz/replay-study \
	tests/fuzz/replay-svg tests/fuzz/replay-table tests/fuzz/replay-template tests/fuzz/replay-training
check_PROGRAMS += $(FUZZ_TESTS)
TESTS += $(FUZZ_TESTS)
EXTRA_DIST += tests/fuzz/corpus
FUZZ_COMMON = tests/fuzz/replay.c tests/fuzz/file.c tests/fuzz/fuzz.h
# what reads a whole result directory
FUZZ_RESULT = $(FUZZ_COMMON) tests/fuzz/folder.c
tests_fuzz_replay_fleet_SOURCES = tests/fuzz/fleet.c $(FUZZ_COMMON)
tests_fuzz_replay_heartbeat_stream_SOURCES = tests/fuzz/heartbeat-stream.c $(FUZZ_COMMON)
tests_fuzz_replay_journal_SOURCES = tests/fuzz/journal.c $(FUZZ_COMMON)
tests_fuzz_replay_page_SOURCES = tests/fuzz/page.c $(FUZZ_RESULT)
tests_fuzz_replay_report_SOURCES = tests/fuzz/report.c $(FUZZ_RESULT)
tests_fuzz_replay_resume_SOURCES = tests/fuzz/resume.c $(FUZZ_RESULT)
tests_fuzz_replay_study_SOURCES = tests/fuzz/study.c $(FUZZ_COMMON)
tests_fuzz_replay_svg_SOURCES = tests/fuzz/svg.c $(FUZZ_COMMON)
tests_fuzz_replay_table_SOURCES = tests/fuzz/table.c $(FUZZ_COMMON)
tests_fuzz_replay_template_SOURCES = tests/fuzz/template.c $(FUZZ_COMMON)
tests_fuzz_replay_training_SOURCES = tests/fuzz/training.c $(FUZZ_RESULT)

# What the targets reach, built once more by clang with libFuzzer's instrumentation and the sanitizers.
FUZZ_CLANG = clang
FUZZ_SECONDS = 30
FUZZ_CFLAGS = -g -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
FUZZ_ROOMS = $(filter %.c, \
	$(src_base_libbase_a_SOURCES) $(src_study_libstudy_a_SOURCES) $(src_results_libresults_a_SOURCES) \
	$(src_summary_libsummary_a_SOURCES) $(src_paper_libpaper_a_SOURCES) $(src_model_libmodel_a_SOURCES) \
	$(src_plan_libplan_a_SOURCES) $(src_report_libreport_a_SOURCES)) \
	src/hosts/journal.c src/measure/resume.c src/measure/heartbeat-stream.c src/virt/template.c \
	workloads/command.c workloads/line-reader.c workloads/protocol.c tests/fuzz/file.c tests/fuzz/folder.c
FUZZ_OBJECTS = $(FUZZ_ROOMS:%.c=tests/fuzz/clang/%.o)
FUZZERS = $(FUZZ_TARGETS:%=tests/fuzz/clang/fuzz-%)
tests/fuzz/clang/%.o: $(top_srcdir)/%.c
	$(AM_V_CC)$(MKDIR_P) $(@D) && $(FUZZ_CLANG) $(DEFS) $(DEFAULT_INCLUDES) $(AM_CPPFLAGS) -std=gnu11 \
	  $(GLIB_CFLAGS) $(LIBXML_CFLAGS) $(JSON_CFLAGS) $(GSL_CFLAGS) \
	  $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link -c -o $@ $<
tests/fuzz/clang/fuzz-%: tests/fuzz/clang/tests/fuzz/%.o $(FUZZ_OBJECTS)
	$(AM_V_CCLD)$(FUZZ_CLANG) $(FUZZ_CFLAGS) -fsanitize=fuzzer -o $@ $^ \
	  $(LIBXML_LIBS) $(JSON_LIBS) $(GSL_LIBS) $(CSV_LIBS) $(GLIB_LIBS)
.SECONDARY: $(FUZZ_OBJECTS) $(FUZZ_TARGETS:%=tests/fuzz/clang/tests/fuzz/%.o)

# make fuzz FUZZ_SECONDS=600 FUZZ_TARGETS=study: what is new goes into tests/fuzz/clang/found-NAME
.PHONY: fuzz
fuzz: $(FUZZERS)
	@for target in $(FUZZ_TARGETS); do \
	  $(MKDIR_P) tests/fuzz/clang/found-$$target; \
	  echo "== $$target, $(FUZZ_SECONDS) s"; \
	  MIGCOST_DATADIR='$(abs_top_srcdir)' tests/fuzz/clang/fuzz-$$target -max_total_time=$(FUZZ_SECONDS) \
	    -rss_limit_mb=1024 -timeout=600 -print_final_stats=1 -artifact_prefix=tests/fuzz/clang/$$target- \
	    $(FUZZ_OPTIONS) tests/fuzz/clang/found-$$target '$(top_srcdir)'/tests/fuzz/corpus/$$target \
	    >tests/fuzz/clang/$$target.log 2>&1 \
	    || { tail -n 40 tests/fuzz/clang/$$target.log; exit 1; }; \
	  grep -E '^(#[0-9]+.*DONE|stat::number_of_executed|stat::peak_rss)' tests/fuzz/clang/$$target.log; \
	done
clean-local: clean-fuzz
.PHONY: clean-fuzz
clean-fuzz:
	rm -rf tests/fuzz/clang
