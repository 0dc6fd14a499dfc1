/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "study/study.h"
#include "tests/fuzz/fuzz.h"

/* A study, and the schedule of one that is sound. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigStudy) study = mig_study_parse ((const char *) data, size, "study.xml", &error);

  g_assert (!study == (error != NULL));
  if (study)
    g_array_unref (mig_schedule_new (study, MIN (study->repetitions, 3), 1, NULL));
  else
    g_assert (g_utf8_validate (error->message, -1, NULL) && !strchr (error->message, '\n'));
  return 0;
}
