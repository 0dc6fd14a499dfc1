/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "plan/input.h"
#include "report/plan.h"
#include "tests/fuzz/fuzz.h"

/* A result directory from somebody else that a model is to learn from. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const MigModel rule = mig_model_default ();
  g_autoptr (GError) error = NULL;
  MigPlanInput *input = mig_plan_input_load (fuzz_folder (data, size), &error);

  g_assert (!input == (error != NULL));
  if (!input)
    return 0;
  MigCalibration *calibration = mig_calibrate (input->training, &rule, &error);
  g_assert (!calibration == (error != NULL));
  if (calibration)
    {
      MigPlanReport report = { .model = &calibration->model,
                               .calibration = calibration,
                               .directory = "result" };
      g_autofree char *text = mig_plan_text (&report);
      g_autoptr (GString) json = g_string_new (NULL);
      mig_plan_json (&report, NULL, json);
      g_assert (g_utf8_validate (text, -1, NULL) && !strchr (text, '\033') && json->len > 0);
      mig_calibration_free (calibration);
    }
  mig_plan_input_free (input);
  return 0;
}
