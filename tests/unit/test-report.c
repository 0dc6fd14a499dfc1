/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <json-glib/json-glib.h>
#include <locale.h>
#include <string.h>

#include "base/files.h"
#include "base/text.h"
#include "report/json.h"
#include "report/number.h"
#include "report/document.h"
#include "report/live.h"
#include "report/run.h"
#include "results/columns.h"
#include "tests/unit/recorded.h"
#include "tests/unit/screen.h"
#include "tests/unit/synthetic.h"

/* Golden files lie in tests/data and are made from SYNTHETIC results (tests/unit/synthetic.c). With
 * MIG_UPDATE_GOLDEN=1 they are written anew: review the difference. */

#define PERIOD_NS (50 * MIG_NS_PER_MS)
#define WINDOW_NS (40 * MIG_NS_PER_S)

static const struct {
  const char *name;
  SyntheticOptions options;
} sets[] = {
  { "synthetic-whole", { 3, PERIOD_NS, WINDOW_NS, FALSE, TRUE } },
  { "synthetic-failing", { 3, PERIOD_NS, WINDOW_NS, TRUE, TRUE, TRUE } },
  { "synthetic-bare", { 3, PERIOD_NS, WINDOW_NS, FALSE, FALSE } },
  { "synthetic-single", { 1, PERIOD_NS, WINDOW_NS, FALSE, TRUE } },
};

static MigLoadedResult *
load (const SyntheticOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (top, "result", NULL);

  synthetic_write (path, options);
  MigLoadedResult *report = mig_loaded_result_read (path, &error);
  g_assert_no_error (error);
  g_assert_true (mig_files_remove_tree (top, &error));
  return report;
}

static void
compare_golden (const char *name, const char *suffix, const char *text)
{
  g_autofree char *file = g_strconcat (name, suffix, NULL);
  g_autofree char *path = g_build_filename (g_getenv ("top_srcdir") ? g_getenv ("top_srcdir") : ".",
                                            "tests", "data", file, NULL);
  g_autofree char *golden = NULL;
  g_autoptr (GError) error = NULL;

  if (g_getenv ("MIG_UPDATE_GOLDEN"))
    {
      g_assert_true (g_file_set_contents (path, text, -1, &error));
      return;
    }
  g_file_get_contents (path, &golden, NULL, &error);
  g_assert_no_error (error);
  if (strcmp (golden, text) != 0)
    g_test_message ("%s differs; now it is:\n%s", path, text);
  g_assert_true (strcmp (golden, text) == 0);
}

static void
test_golden (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  g_autoptr (MigLoadedResult) report = load (&sets[index].options);
  g_autofree char *text = mig_report_text (report);
  g_autofree char *json = mig_report_json (report);
  g_autofree char *csv = mig_report_csv (report);

  compare_golden (sets[index].name, ".txt", text);
  if (index == 1)
    compare_golden (sets[index].name, ".json", json);
  compare_golden (sets[index].name, ".csv", csv);
}

static void
test_json (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (MigLoadedResult) report = load (&sets[2].options);
  g_autofree char *json = mig_report_json (report);
  g_autofree char *again = mig_report_json (report);

  g_assert_cmpstr (json, ==, again);
  g_assert_true (json_parser_load_from_data (parser, json, -1, &error));
  g_assert_no_error (error);
  JsonObject *root = json_node_get_object (json_parser_get_root (parser));
  JsonArray *cases = json_object_get_array_member (root, "cases");
  g_assert_cmpuint (json_array_get_length (cases), ==, 4);
  JsonObject *metrics = json_object_get_object_member (json_array_get_object_element (cases, 0),
                                                       "metrics");
  for (guint i = 0; i < MIG_FIRST_CLASS_METRIC; i++)
    g_assert_true (json_object_has_member (metrics, mig_metric_info (i)->id));
  JsonObject *sent = json_object_get_object_member (metrics, "sent_bytes");
  g_assert_cmpint (json_object_get_int_member (sent, "n"), ==, 0);
  g_assert_true (json_object_get_null_member (sent, "mean")); /* missing, not 0 */
  g_assert_nonnull (json_object_get_string_member (sent, "missing_reason"));
  JsonObject *total = json_object_get_object_member (metrics, "total_time_s");
  g_assert_cmpfloat (json_object_get_double_member (total, "mean"), ==, 9);
}

/* make_locale: a German locale in a directory of its own, for a machine that has none installed. */
static gboolean
make_locale (const char *dir)
{
  g_autofree char *target = g_build_filename (dir, "de_DE.UTF-8", NULL);
  const char *const argv[] = { "localedef", "-i", "de_DE", "-f", "UTF-8", target, NULL };
  int status = -1;

  if (!g_spawn_sync (NULL, (char **) argv, NULL,
                     G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                     NULL, NULL, NULL, NULL, &status, NULL) ||
      status != 0)
    return FALSE;
  return g_setenv ("LOCPATH", dir, TRUE) && setlocale (LC_ALL, "de_DE.UTF-8");
}

/* The same bytes under a locale with a comma as decimal point. */
static void
test_locale (void)
{
  static const char *const names[] = { "de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "fr_FR.utf8" };
  g_autofree char *old = g_strdup (setlocale (LC_ALL, NULL));
  g_autofree char *dir = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  gboolean found = FALSE;

  g_autoptr (MigLoadedResult) report = load (&sets[0].options);
  g_autofree char *text = mig_report_text (report);
  g_autofree char *json = mig_report_json (report);
  for (guint i = 0; i < G_N_ELEMENTS (names) && !found; i++)
    found = setlocale (LC_ALL, names[i]) != NULL;
  if (!found && !make_locale (dir))
    {
      g_assert_true (mig_files_remove_tree (dir, NULL));
      g_test_skip (
          "no locale with a decimal comma (de_DE.UTF-8 or fr_FR.UTF-8), and localedef makes none");
      return;
    }
  g_autofree char *comma = g_strdup_printf ("%.1f", 1.5);
  g_assert_cmpstr (comma, ==, "1,5");
  g_autoptr (MigLoadedResult) there = load (&sets[0].options);
  g_autofree char *text_there = mig_report_text (there);
  g_autofree char *json_there = mig_report_json (there);
  setlocale (LC_ALL, old);
  g_assert_true (mig_files_remove_tree (dir, NULL));
  g_assert_cmpstr (text, ==, text_there);
  g_assert_cmpstr (json, ==, json_there);
}

/* No control character of any name reaches the terminal. */
static void
test_escapes (void)
{
  g_autoptr (MigLoadedResult) report = load (&sets[1].options);
  g_autofree char *text = mig_report_text (report);
  g_autofree char *clean = mig_text_clean ("a\x1b[31mb\xc2\x9b"
                                           "c\n\xe2\x80\xae"
                                           "d\xff");

  g_assert_cmpstr (clean, ==, "a?[31mb?c??d\xef\xbf\xbd");
  g_assert_true (g_utf8_validate (text, -1, NULL));
  for (const char *p = text; *p; p++)
    g_assert_true (*p == '\n' || !g_ascii_iscntrl (*p));
  g_assert_nonnull (strstr (text, "holds  [31mwrong data"));
}

static void
test_width (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (sets); i++)
    {
      g_autoptr (MigLoadedResult) report = load (&sets[i].options);
      g_autofree char *text = mig_report_text (report);
      g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
      for (guint j = 0; lines[j]; j++)
        g_assert_cmpint (g_utf8_strlen (lines[j], -1), <=, 120);
    }
}

/* ---- the first screen ---- */

/* differ at the end; where the middle is left out, cannot be told apart beside work lost */
#define LONG_LABEL "technique/m technique=auto-converge throttle-initial=20 %s"
#define LIKE_LABEL "technique/m technique=auto-converge case=%s throttle-initial=20"

/* relabel: the cases of a result directory, each by a format that has its name in it. */
static void
relabel (const char *path, const char *format)
{
  static const char *const files[] = { "runs.csv", "schedule.csv" };
  static const char *const names[] = { "cc", "cm", "mc", "mm" };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *file = g_build_filename (path, files[i], NULL);
      char *text = NULL;
      g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
      for (guint k = 0; k < G_N_ELEMENTS (names); k++)
        {
          g_autofree char *plain = text;
          g_autofree char *cell = g_strdup_printf (",%s,", names[k]);
          g_auto (GStrv) around = g_strsplit (format, "%s", 2);
          g_autofree char *label = g_strjoin (NULL, ",", around[0], names[k], around[1], ",", NULL);
          g_auto (GStrv) parts = g_strsplit (plain, cell, -1);
          text = g_strjoinv (label, parts);
        }
      g_assert_true (g_file_set_contents (file, text, -1, NULL));
      g_free (text);
    }
}

/* load_troubled: with long labels, not complete, with failures and noise that take lines to tell.
 */
static MigLoadedResult *
load_troubled (const char *labels)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (top, "result", NULL);

  synthetic_write (path, &sets[1].options);
  relabel (path, labels);
  MigLoadedResult *report = mig_loaded_result_read (path, &error);
  g_assert_no_error (error);
  g_assert_true (mig_files_remove_tree (top, &error));
  g_free (report->path);
  report->path = g_strdup ("migcost-results/techniques-1");
  report->complete = FALSE;
  MigRunSummary *noisy = report->summary->runs->pdata[0];
  noisy->noise = g_strdup ("others used 35 % of the CPUs of host 'source', of which the guests "
                           "were given one, and it sent at 45 % of the case's median rate");
  report->summary->n_noisy = 1;
  report->summary->link_is_slow = TRUE;
  return report;
}

/* find_line: the first that begins so; G_MAXUINT: none does. */
static guint
find_line (char **lines, const char *beginning)
{
  for (guint i = 0; lines[i]; i++)
    if (g_str_has_prefix (lines[i], beginning))
      return i;
  return G_MAXUINT;
}

/* assert_rows: of four cases, with labels that are shortened and differ. */
static void
assert_rows (char **lines, gboolean lost)
{
  guint heading = find_line (lines, "case  ");

  g_assert_cmpuint (heading, !=, G_MAXUINT);
  g_assert_cmpint (strstr (lines[heading], "work lost") != NULL, ==, lost);
  for (guint k = 1; k <= 4; k++)
    {
      const char *label = lines[heading + k], *end = strstr (label, "  ");
      g_assert_true (g_str_has_prefix (label, "techni"));
      g_assert_nonnull (g_strstr_len (label, end - label, "..."));
      for (guint other = 1; other < k; other++)
        g_assert_false (strncmp (lines[heading + other], label, (gsize) (end - label)) == 0);
    }
}

/* 24 lines of 80 columns, whatever there is to say; labels that are shortened differ; where they
 * would not, work lost gives way. */
static void
test_screen (void)
{
  g_autoptr (MigLoadedResult) longer = load_troubled (LONG_LABEL),
                              like = load_troubled (LIKE_LABEL), plain = load (&sets[0].options);
  const MigScreen screens[] = { { 0 }, { .bars = TRUE }, { .bars = TRUE, .ascii = TRUE } };

  for (guint i = 0; i < G_N_ELEMENTS (screens); i++)
    {
      g_auto (GStrv) lines = screen_lines (longer, &screens[i]);
      assert_rows (lines, TRUE);
      g_autofree char *all = g_strjoinv ("\n", lines);
      g_assert_nonnull (strstr (all, " on the runs: --full"));
      g_assert_cmpuint (find_line (lines, "This result is not complete"), !=, G_MAXUINT);
      g_assert_cmpuint (find_line (lines, "Result: "), !=, G_MAXUINT);
      g_auto (GStrv) other = screen_lines (like, &screens[i]);
      assert_rows (other, FALSE);
    }
  g_auto (GStrv) usual = screen_lines (plain, &screens[0]);
  g_assert_nonnull (strstr (usual[find_line (usual, "case")], "work lost by all, s"));
}

/* Where room is short what the signs mean goes before the second answer: which order is better. */
static void
test_first_answers (void)
{
  g_autoptr (MigLoadedResult) report = recorded_load ("recorded-lab-quarter");
  const MigScreen screen = { .page = "migcost-results/load-balancing-20261130-044455/report.html" };
  g_autofree char *text = mig_report_overview (report, &screen);

  g_assert_nonnull (strstr (text, "Move the guests that compute first"));
  g_assert_nonnull (strstr (text, "goes first makes no difference of more than"));
  g_assert_null (strstr (text, "more answer"));
  g_assert_null (strstr (text, "c computes, m updates memory"));
}

/* Of a run of a fixed number of repetitions the claims are told where room is left: not by making
 * any. */
static void
test_claims (void)
{
  g_autoptr (MigLoadedResult) report = recorded_load ("recorded-xen-quarter");
  g_autoptr (MigLoadedResult) full = recorded_load ("recorded-paper");
  const MigScreen screen = { 0 };

  /* the screen has it, whose length is that of the way to the sources */
  g_free (report->path);
  report->path = g_strdup ("recorded-xen-quarter");
  g_free (full->path);
  full->path = g_strdup ("recorded-paper");
  g_autofree char *text = mig_report_overview (report, &screen);

  g_assert_null (report->summary->race);
  g_assert_nonnull (strstr (text, "\nThe paper's conclusions: supported 1 (time), "));
  g_autofree char *without = mig_report_overview (full, &screen);
  g_assert_true (full->tests_paper);
  g_assert_null (strstr (without, "The paper's conclusions"));
  /* as many lines of remarks as leave no room */
  for (guint n = 0; n < 24; n++)
    {
      MigRunSummary *run = report->summary->runs->pdata[0];
      g_free (run->noise);
      run->noise = g_strnfill (70 * (n + 1), 'x');
      for (guint i = 60; i < 70 * n; i += 70)
        run->noise[i] = ' ';
      report->summary->n_noisy = 1;
      g_auto (GStrv) lines = screen_lines (report, &screen);
      g_autofree char *all = g_strjoinv ("\n", lines);
      g_assert_nonnull (strstr (all, "c computes, m updates memory"));
      if (!strstr (all, "The paper's conclusions"))
        return;
    }
  g_assert_not_reached ();
}

/* What is told at length takes two lines, or three of long words, where room is short. */
static void
test_short_remarks (void)
{
  g_autoptr (MigLoadedResult) report = load_troubled (LONG_LABEL);
  MigRunSummary *noisy = report->summary->runs->pdata[0];
  const MigScreen screen = { 0 };

  g_free (noisy->noise);
  noisy->noise = g_strnfill (800, 'x');
  for (guint i = 7; i < 800; i += 8)
    noisy->noise[i] = ' ';
  report->complete = TRUE;
  report->summary->link_is_slow = FALSE;
  g_ptr_array_set_size (report->summary->damaged, 0);
  for (guint i = 0; i < report->summary->runs->len; i++)
    ((MigRunSummary *) report->summary->runs->pdata[i])->sound = TRUE;
  g_auto (GStrv) lines = screen_lines (report, &screen);
  guint noise = find_line (lines, "Disturbed from outside");
  g_assert_cmpuint (noise, !=, G_MAXUINT);
  g_assert_true (g_str_has_suffix (lines[noise + 1], "...") ||
                 g_str_has_suffix (lines[noise + 2], "..."));
}

/* What cannot be said more briefly is cut off, but for where all of it is. */
static void
test_clipped_screen (void)
{
  g_autoptr (MigLoadedResult) report = load_troubled (LONG_LABEL);
  g_autoptr (GString) endless = g_string_new (NULL);
  const MigScreen screen = { .page = "migcost-results/techniques-1/report.html" };

  for (guint i = 0; i < 400; i++)
    g_string_append (endless, "endless ");
  g_free (report->manifest.study_title);
  report->manifest.study_title = g_strdup (endless->str);
  g_auto (GStrv) lines = screen_lines (report, &screen);
  guint n = g_strv_length (lines);
  g_assert_cmpstr (lines[n - 4], ==, "...");
  g_assert_cmpstr (lines[n - 3], ==, "Page: migcost-results/techniques-1/report.html");
  g_assert_true (g_str_has_prefix (lines[n - 2], "Result: migcost-results/techniques-1 "));
}

static void
test_numbers (void)
{
  static const struct {
    double value;
    guint decimals;
    const char *text;
  } cases[] = {
    { 1.005, 1, "1.0" },       { -0.001, 2, "0.00" }, { -1.5, 2, "-1.50" },
    { 1234567, 0, "1234567" }, { 0, 0, "0" },
  };
  const double values[] = { 1, 2, 3 };
  MigStat stat;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = mig_number (cases[i].value, cases[i].decimals);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
  mig_stat_init (&stat);
  g_autofree char *none = mig_number_stat (&stat, 1, 3);
  g_assert_cmpstr (none, ==, "-");
  mig_stat_add (&stat, 1, 1, values[0]);
  mig_stat_compute (&stat);
  g_autofree char *one = mig_number_stat (&stat, 1, 1);
  g_autofree char *interval = mig_number_interval (&stat, 1, 2);
  g_assert_cmpstr (one, ==, "1.00");
  g_assert_cmpstr (interval, ==, "no interval");
  mig_stat_add (&stat, 2, 2, values[1]);
  mig_stat_add (&stat, 3, 3, values[2]);
  mig_stat_compute (&stat);
  g_autofree char *three = mig_number_stat (&stat, 1, 5);
  g_assert_cmpstr (three, ==, "2.00 ± 2.48 (n=3)");
  mig_stat_clear (&stat);
}

static void
test_table (void)
{
  g_autoptr (MigDocument) document = mig_document_new (MIG_MEDIUM_TERMINAL, NULL, NULL);
  MigGrid *grid = mig_grid_new ("lr", (const char *const[]){ "a", "1 ± 2", NULL });

  mig_grid_text (grid, "\xe6\xbc\xa2"); /* wide */
  mig_grid_text (grid, NULL);
  mig_block_table (document->body, grid);
  g_autofree char *text = mig_document_render (document);
  g_assert_cmpstr (text, ==, "a   1 ± 2\n\xe6\xbc\xa2      -\n");
}

static void
test_live_row (void)
{
  MigMigrationRecord m;
  g_autoptr (GPtrArray) list = g_ptr_array_new ();

  mig_record_init (MIG_TABLE_MIGRATIONS, &m);
  g_autofree char *none = mig_report_live_row ("cm", 1, list, PERIOD_NS);
  g_assert_cmpstr (none, ==, "cm, repetition 1: not counted: -: no migration");
  g_ptr_array_add (list, &m);
  m.status = (char *) "ok";
  m.start_ns = 0;
  m.end_ns = 15 * MIG_NS_PER_S;
  m.last_source_heartbeat_ns = 0;
  m.first_destination_heartbeat_ns = MIG_NS_PER_S;
  g_autofree char *ok = mig_report_live_row ("cm", 2, list, PERIOD_NS);
  g_assert_cmpstr (ok, ==, "cm, repetition 2: ok, 15.0 s, downtime - (events), 950 ms (guest)");
  m.status = (char *) "failed";
  m.guest = (char *) "c1";
  m.reason = (char *) "refused\n";
  g_autofree char *failed = mig_report_live_row ("cm", 3, list, PERIOD_NS);
  g_assert_cmpstr (failed, ==, "cm, repetition 3: not counted: c1: refused?");
}

/* spoil: changes a few bytes of one table; gently: digits in numbers only, so that it still reads.
 */
static void
spoil (const char *path, MigTable table, gboolean gently)
{
  static const char bytes[] = "0199999-,\"\n\r=' x\xff";
  g_autofree char *name = g_strconcat (mig_table_info (table)->name, ".csv", NULL);
  g_autofree char *file = g_build_filename (path, name, NULL);
  g_autofree char *text = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (file, &text, &size, NULL));
  for (int i = g_test_rand_int_range (1, 6); size > 0 && i > 0; i--)
    {
      char *at = &text[g_test_rand_int_range (0, (gint32) MIN (size, 3000))];
      if (!gently)
        *at = bytes[g_test_rand_int_range (0, sizeof bytes)];
      else if (g_ascii_isdigit (*at))
        *at = (char) g_test_rand_int_range ('0', '9' + 1);
    }
  g_assert_true (g_file_set_contents (file, text, (gssize) size, NULL));
}

/* A spoiled directory gives a report or an error, never a crash: run under sanitizers too. */
static void
test_spoiled (void)
{
  static const SyntheticOptions tiny = { 1, 2 * MIG_NS_PER_S, 20 * MIG_NS_PER_S, TRUE, TRUE };
  g_autofree char *top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  guint good = 0, bad = 0;

  for (guint i = 0; i < 60; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *name = g_strdup_printf ("%u", i);
      g_autofree char *path = g_build_filename (top, name, NULL);
      synthetic_write (path, &tiny);
      for (guint j = 0; j < 2; j++)
        spoil (path, (i + j * 3) % MIG_N_TABLES, i % 3 != 0);
      g_autoptr (MigLoadedResult) report = mig_loaded_result_read (path, &error);
      if (!report)
        {
          g_assert_nonnull (error);
          bad++;
          continue;
        }
      g_autofree char *text = mig_report_text (report);
      g_autofree char *json = mig_report_json (report);
      g_assert_true (g_utf8_validate (text, -1, NULL) && g_utf8_validate (json, -1, NULL));
      good++;
    }
  g_test_message ("%u reports, %u errors", good, bad);
  g_assert_cmpuint (bad, >, 0);
  g_assert_cmpuint (good, >, 0);
  g_assert_true (mig_files_remove_tree (top, NULL));
}

/* A directory whose run has only begun. */
static void
test_empty (void)
{
  const MigManifest manifest = { .study_name = (char *) "smoke", .seed = 1 };
  g_autoptr (GError) error = NULL;
  g_autofree char *top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (top, "result", NULL);

  mig_result_writer_free (mig_result_writer_new (path, "", 0, &manifest, NULL));
  g_autoptr (MigLoadedResult) report = mig_loaded_result_read (path, &error);
  g_assert_no_error (error);
  g_autofree char *text = mig_report_text (report);
  g_autofree char *json = mig_report_json (report);
  g_assert_nonnull (strstr (text, "not complete"));
  g_assert_nonnull (strstr (text, "no sound run yet"));
  g_assert_nonnull (strstr (json, "\"complete\" : false"));
  g_assert_true (mig_files_remove_tree (top, NULL));
  g_assert_null (mig_loaded_result_read (path, &error));
  g_assert_nonnull (error);
}

/* What is not known has no unit. */
static void
test_facts (void)
{
  static const struct {
    const char *value, *unit, *text;
  } facts[] = { { NULL, "bytes/s", "-" },
                { "", "s", "-" },
                { "4", NULL, "4" },
                { "2.5", "s", "2.5 s" },
                { "125000000", "bytes/s", "125 MB/s" } };

  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    {
      g_autofree char *text = mig_number_fact (facts[i].value, facts[i].unit);
      g_assert_cmpstr (text, ==, facts[i].text);
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (sets); i++)
    {
      g_autofree char *name = g_strconcat ("/report/golden/", sets[i].name, NULL);
      g_test_add_data_func (name, GUINT_TO_POINTER (i), test_golden);
    }
  g_test_add_func ("/report/facts", test_facts);
  g_test_add_func ("/report/json", test_json);
  g_test_add_func ("/report/locale", test_locale);
  g_test_add_func ("/report/escapes", test_escapes);
  g_test_add_func ("/report/width", test_width);
  g_test_add_func ("/report/screen", test_screen);
  g_test_add_func ("/report/first-answers", test_first_answers);
  g_test_add_func ("/report/claims", test_claims);
  g_test_add_func ("/report/short-remarks", test_short_remarks);
  g_test_add_func ("/report/clipped-screen", test_clipped_screen);
  g_test_add_func ("/report/numbers", test_numbers);
  g_test_add_func ("/report/table", test_table);
  g_test_add_func ("/report/live-row", test_live_row);
  g_test_add_func ("/report/spoiled", test_spoiled);
  g_test_add_func ("/report/empty", test_empty);
  return g_test_run ();
}
