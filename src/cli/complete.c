/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "summary/metrics.h"
#include "cli/complete.h"
#include "plan/balance.h"
#include "plan/fleet-column.h"
#include "plan/fleet-file.h"
#include "plan/fleet-tools.h"
#include "plan/input.h"
#include "cli/plan-show.h"
#include "cli/plan-cases.h"
#include "cli/show.h"
#include "results/result.h"
#include "study/study.h"

/* Where values go, and which of them. */
typedef struct {
  GString *out;
  const MigCompleteWords *words;
  const char *before, *prefix;
} Values;

void
mig_complete_add (GString *out, const char *before, const char *word, const char *prefix,
                  const char *meaning)
{
  if (g_str_has_prefix (word, prefix) && !strpbrk (word, "\t\n"))
    g_string_append_printf (out, "%s%s\t%s\n", before, word, meaning ? meaning : "");
}

static void
add (const Values *values, const char *word, const char *meaning)
{
  mig_complete_add (values->out, values->before, word, values->prefix, meaning);
}

static void
add_directories (const Values *values)
{
  g_string_append (values->out, ":directories\n");
}

static void
add_files (const Values *values)
{
  g_string_append (values->out, ":files\n");
}

static void
add_studies (const Values *values)
{
  g_autoptr (GPtrArray) studies = mig_study_list ();

  for (guint i = 0; i < studies->len; i++)
    {
      const MigStudyEntry *entry = g_ptr_array_index (studies, i);
      add (values, entry->name, entry->title);
    }
  add_files (values);
}

static void
add_ratios (const Values *values)
{
  add (values, "used", "what VMs use counts, not what they may use");
}

/* The cases that the study on the command line has, or the one that is run where none is named. */
static void
add_cases_of_study (const Values *values)
{
  const GPtrArray *arguments = values->words->arguments;
  g_autoptr (MigStudy)
      study = mig_study_load (arguments->len ? arguments->pdata[0] : "load-balancing", NULL);

  for (guint i = 0; study && i < study->cases->len; i++)
    add (values, ((const MigStudyCase *) study->cases->pdata[i])->label, NULL);
}

/* The cases that were planned in the results on the command line, each once. */
static void
add_cases_of_results (const Values *values)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < values->words->arguments->len; i++)
    {
      g_autoptr (MigResult) result = mig_result_open (values->words->arguments->pdata[i], NULL);
      g_autoptr (GPtrArray) rows = result ? mig_result_load (result, MIG_TABLE_SCHEDULE, NULL)
                                          : NULL;
      for (guint row = 0; rows && row < rows->len; row++)
        {
          const MigScheduleRecord *record = rows->pdata[row];
          if (record->case_label && g_hash_table_add (seen, g_strdup (record->case_label)))
            add (values, record->case_label, NULL);
        }
    }
}

static void
add_metrics (const Values *values)
{
  for (guint i = 0; i < MIG_N_METRICS; i++)
    if (mig_metric_info (i)->better != MIG_BETTER_NEITHER)
      add (values, mig_metric_info (i)->id, mig_metric_info (i)->name);
  add (values, "all", "every metric that can be better or worse");
}

static void
add_stop_rules (const Values *values)
{
  for (guint i = MIG_STOP_HYPERVISOR; i <= MIG_STOP_XEN_4_6; i++)
    add (values, mig_stop_rule_limits (i)->name, mig_stop_rule_limits (i)->meaning);
}

static void
add_techniques (const Values *values)
{
  for (guint i = 0; i < MIG_N_TECHNIQUES; i++)
    add (values, mig_technique_info (i)->name, NULL);
}

static void
add_ends (const Values *values)
{
  add (values, "decided", "the comparisons of the study are decided");
  add (values, "5%", "each total time is known to that share");
}

static void
add_storages (const Values *values)
{
  add (values, "all", "disks as a whole");
  add (values, "inc", "what differs from a backing file that both hosts have");
}

static void
add_timeouts (const Values *values)
{
  add (values, "600:abort", "after 10 minutes, keep the guest where it is");
  add (values, "600:suspend", "... let it stand still until the rest is sent");
  add (values, "600:post-copy", "... let it go on at the destination at once");
}

static void
add_scales (const Values *values)
{
  add (values, "1/2", "half of the memory and the windows");
  add (values, "1/4", "a quarter");
  add (values, "1", "full size");
}

static void
add_starts (const Values *values)
{
  add (values, "restore", "as they were when they were ready, where that can be");
  add (values, "boot", "anew");
}

/* Which there are only the hosts know. */
static void
add_pools (const Values *values)
{
  add (values, "default", "the usual name");
}

static void
add_hosts (const Values *values)
{
  const GPtrArray *arguments = values->words->arguments;
  const char *path = arguments->len ? arguments->pdata[0] : NULL;
  gboolean measured = path && g_file_test (path, G_FILE_TEST_IS_DIR);
  g_autoptr (MigPlanInput) input = measured ? mig_plan_input_load (path, NULL) : NULL;
  g_autoptr (MigFleetDraft) rows = path && !measured ? mig_fleet_file_load (path, NULL, NULL)
                                                     : NULL;
  g_autoptr (MigFleet) file = rows ? mig_fleet_from_records (rows->rows, path, NULL) : NULL;
  const MigFleet *fleet = input ? mig_plan_input_fleet (input, NULL) : file;

  for (guint i = 0; fleet && i < fleet->hosts->len; i++)
    add (values, g_array_index (fleet->hosts, MigFleetHost, i).name, NULL);
}

static void
add_units (const Values *values)
{
  char *unit;

  for (guint i = 0; (unit = mig_fleet_column_unit (i)); i++)
    {
      add (values, unit, NULL);
      g_free (unit);
    }
}

/* Who knows the values of a place. command: NULL: of all commands. */
static const struct {
  const char *command, *kind;
  void (*add) (const Values *values);
  const char *(*word) (guint index); /* or each of them, from index 0 to NULL */
} places[] = {
  { NULL, "STUDY", add_studies },
  { NULL, "DIR", add_directories },
  { NULL, "BASE", add_directories },
  { NULL, "NEW", add_directories },
  { NULL, "FILE", add_files },
  { NULL, "FLEET", add_files },
  { NULL, "RULE", add_stop_rules },
  { NULL, "TECHNIQUE", add_techniques },
  { NULL, "HOST", add_hosts },
  { NULL, "POOL", add_pools },
  { NULL, "NAME", add_metrics },
  { NULL, "LIMIT", add_timeouts },
  { NULL, "STORAGE", add_storages },
  { "run", "CASE", add_cases_of_study },
  { "compare", "CASE", add_cases_of_results },
  { "run", "END", add_ends },
  { NULL, "SCALE", add_scales },
  { "run", "HOW", add_starts },
  { "report", "FORMAT", .word = mig_show_format },
  { "compare", "FORMAT", .word = mig_compare_format },
  { "plan", "FORMAT", .word = mig_plan_format },
  { "plan", "TOOL", .word = mig_fleet_format },
  { "plan", "MANAGER", .word = mig_plan_manager },
  { "plan", "RATIO", add_ratios },
  { "plan", "RESOURCE", .word = mig_balance_resource },
  { "plan", "UNIT", add_units },
  { "plan", "WHICH", .word = mig_plan_alternatives },
};

static void
add_values_of (const Values *values, guint place)
{
  if (places[place].add)
    places[place].add (values);
  for (guint i = 0; places[place].word && places[place].word (i); i++)
    add (values, places[place].word (i), NULL);
}

void
mig_complete_values (GString *out, const MigCompleteWords *words, const char *kind,
                     const char *before, const char *prefix)
{
  const Values values = { out, words, before, prefix };

  if (strchr (kind, '|'))
    {
      g_auto (GStrv) choices = g_strsplit (kind, "|", -1);
      for (guint i = 0; choices[i]; i++)
        add (&values, choices[i], NULL);
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (strcmp (places[i].kind, kind) == 0 &&
        (!places[i].command || strcmp (places[i].command, words->command->name) == 0))
      add_values_of (&values, i);
}
