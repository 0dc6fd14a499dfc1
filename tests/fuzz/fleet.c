/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "plan/plan.h"
#include "report/plan.h"
#include "plan/fleet-file.h"
#include "plan/fleet-tools.h"
#include "tests/fuzz/fuzz.h"

#define MAX_VMS 5

/* The first host is emptied onto the others. */
static void
plan (MigFleet *fleet)
{
  const MigModel model = mig_model_default ();
  g_autoptr (GArray) sources = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) targets = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < fleet->hosts->len; i++)
    g_array_append_val (i == 0 ? sources : targets, i);
  MigTask task = { .sources = sources,
                   .targets = targets,
                   .relieve_to_cpus = NAN,
                   .parallel = 2,
                   .objective = { .time = 1 },
                   .effort = 1000 };
  g_autoptr (MigPlan) found = mig_plan_make (&model, fleet, &task, &error);
  g_assert (!found == (error != NULL));
  if (!found)
    return;
  MigPlanReport report = { .fleet = fleet,
                           .task = &task,
                           .objective = "time",
                           .model = &model,
                           .plan = found,
                           .directory = "fleet.csv" };
  g_autofree char *text = mig_plan_text (&report);
  g_autoptr (GString) json = g_string_new (NULL);
  mig_plan_json (&report, NULL, json);
  g_assert (g_utf8_validate (text, -1, NULL) && !strchr (text, '\033') && json->len > 0);
}

/* A fleet file, and the plan for one that is sound and small. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  int fd;
  /* the first byte may choose a tool's format; anything else is a fleet file */
  guint format = size > 0 && data[0] >= '1' && data[0] <= '5' ? data[0] - '0' : 0;
  const MigFleetReading reading = { mig_fleet_format (format), NULL };
  const char *path = fuzz_file (data + (format > 0), size - (format > 0), &fd);
  g_autoptr (MigFleetDraft) rows = mig_fleet_file_load (path, &reading, &error);
  g_autoptr (MigFleet) fleet = rows ? mig_fleet_from_records (rows->rows, "fleet.csv", &error)
                                    : NULL;

  fuzz_file_close (fd);
  g_assert (!fleet == (error != NULL));
  if (error)
    g_assert (g_utf8_validate (error->message, -1, NULL));
  if (fleet && fleet->hosts->len > 1 && fleet->vms->len > 0 && fleet->vms->len <= MAX_VMS)
    plan (fleet);
  return 0;
}
