/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "report/compare.h"
#include "report/json.h"
#include "report/loaded-result.h"
#include "report/run.h"
#include "tests/fuzz/fuzz.h"

static void
check_text (const char *text)
{
  g_assert (text && g_utf8_validate (text, -1, NULL) && !strchr (text, '\033'));
}

/* A result compared with itself never became worse. */
static void
compare (const MigLoadedResult *report)
{
  const MigCompareOptions options = { .threshold = MIG_COMPARE_THRESHOLD };
  g_autoptr (MigComparison) comparison = mig_compare (report->summary, report->summary, &options);

  mig_compare_environments (comparison, report->environment, report->environment);
  g_autofree char *text = mig_compare_text (report, report, comparison);
  g_autofree char *json = mig_compare_json (report, report, comparison);
  check_text (text);
  check_text (json);
  g_assert_cmpuint (comparison->n[MIG_CHANGE_WORSE], ==, 0);
  g_assert_cmpuint (comparison->n[MIG_CHANGE_BETTER], ==, 0);
}

/* A result directory from somebody else, analysed and rendered in every format that is text. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigLoadedResult) report = mig_loaded_result_read (fuzz_folder (data, size), &error);

  g_assert (!report == (error != NULL));
  if (report)
    {
      g_autofree char *readable = mig_report_text (report);
      g_autofree char *json = mig_report_json (report);
      g_autofree char *csv = mig_report_csv (report);
      g_assert (json && csv);
      check_text (readable);
      compare (report);
    }
  return 0;
}
