/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "base/units.h"
#include "cli/observing-calibration.h"
#include "cli/terminal.h"
#include "measure/runner.h"
#include "results/facts.h"
#include "study/study.h"

/* Ten windows: three blocks of three, and the one that is cut. */
#define WINDOW_NS (3 * MIG_NS_PER_S)
#define N_WINDOWS 10
#define GROUP "observing"
/* what a warning is worth: guests do surely less than this share of their work */
#define FREE_SHARE 0.97

typedef struct {
  MigFact work, cpu; /* low and high follow each */
  MigFact blocks;
} CostFacts;

static const CostFacts before_facts = { MIG_FACT_COST_WORK_BEFORE, MIG_FACT_COST_CPU_BEFORE,
                                        MIG_FACT_COST_BLOCKS_BEFORE };
static const CostFacts during_facts = { MIG_FACT_COST_WORK_DURING, MIG_FACT_COST_CPU_DURING,
                                        MIG_FACT_COST_BLOCKS_DURING };

/* A value with its interval: three facts in a row. */
typedef struct {
  double value, low, high;
} Interval;

/* What the facts say; n 0: nothing is known. */
typedef struct {
  Interval work, cpu; /* cpu: in per cent of a CPU */
  guint n;
} Cost;

static Cost
cost_of_phase (const MigObservingCostPhase *phase)
{
  const MigStat *work = &phase->work, *cpu = &phase->cpu;

  return (Cost){ .work = { work->mean, work->ci_low, work->ci_high },
                 .cpu = { 100 * cpu->mean, 100 * cpu->ci_low, 100 * cpu->ci_high },
                 .n = work->n };
}

/* ---- facts ---- */

static gboolean
write_number (MigResultWriter *writer, MigFact fact, double value, GError **error)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (text, sizeof text, "%.4f", value);
  return mig_fact_write (writer, fact, NULL, isnan (value) ? NULL : text, error);
}

static gboolean
write_interval (MigResultWriter *writer, MigFact first, const Interval *interval, GError **error)
{
  return write_number (writer, first, interval->value, error) &&
         write_number (writer, first + 1, interval->low, error) &&
         write_number (writer, first + 2, interval->high, error);
}

static gboolean
write_cost (MigResultWriter *writer, const CostFacts *facts, const Cost *cost, GError **error)
{
  return cost->n == 0 || (write_interval (writer, facts->work, &cost->work, error) &&
                          write_interval (writer, facts->cpu, &cost->cpu, error) &&
                          mig_fact_write_int (writer, facts->blocks, NULL, cost->n, error));
}

static gboolean
read_cost (const char *path, Cost *before, Cost *during, GError **error)
{
  g_autoptr (MigResult) result = mig_result_open (path, error);
  MigObservingCost cost;

  if (!result)
    return FALSE;
  gboolean ok = mig_observing_cost_read (result, &cost, error);
  *before = cost_of_phase (&cost.before);
  *during = cost_of_phase (&cost.during);
  mig_observing_cost_clear (&cost);
  return ok;
}

gboolean
mig_observing_cost_write (MigResultWriter *writer, GError **error)
{
  Cost before, during;

  return mig_result_writer_commit (writer, error) &&
         read_cost (mig_result_writer_path (writer), &before, &during, error) &&
         write_cost (writer, &before_facts, &before, error) &&
         write_cost (writer, &during_facts, &during, error);
}

/* ---- the cache ---- */

static char *
cache_path (void)
{
  return g_build_filename (g_get_user_cache_dir (), "migcost", "observing", NULL);
}

static char *
cpu_model (void)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents ("/proc/cpuinfo", &text, NULL, NULL))
    return g_strdup ("");
  const char *model = strstr (text, "model name");
  return model ? g_strndup (model, strcspn (model, "\n")) : g_strdup ("");
}

/* What the cost depends on. */
static char *
machine_key (const MigSession *session, const MigRunOptions *run)
{
  const MigRunHost *host = session->hosts->pdata[0];
  g_autofree char *model = cpu_model ();
  struct utsname name;
  struct stat emulator = { 0 };

  uname (&name);
  if (host->emulator && stat (host->emulator, &emulator) < 0)
    return NULL;
  return g_strdup_printf ("%s; %u CPUs; %s %" G_GUINT64_FORMAT "; %s %" G_GINT64_FORMAT
                          "; %s; %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
                          model, g_get_num_processors (), name.release,
                          mig_host_info (host->host)->libvirt_version,
                          host->emulator ? host->emulator : "", (gint64) emulator.st_size,
                          PACKAGE_VERSION, run->heartbeat.rest_ns, run->sampling_ns);
}

static gboolean
recall (const char *key, Cost *cost)
{
  g_autofree char *path = cache_path ();
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree double *values = NULL;
  gsize n = 0;

  if (!key || !g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return FALSE;
  g_autofree char *stored = g_key_file_get_string (file, GROUP, "key", NULL);
  values = g_key_file_get_double_list (file, GROUP, "cost", &n, NULL);
  if (g_strcmp0 (stored, key) != 0 || n != 7)
    return FALSE;
  *cost = (Cost){ { values[0], values[1], values[2] },
                  { values[3], values[4], values[5] },
                  (guint) values[6] };
  return TRUE;
}

/* A cache that cannot be written to costs time at the next run, nothing else. */
static void
remember (const char *key, const Cost *cost)
{
  g_autofree char *path = cache_path ();
  g_autofree char *directory = g_path_get_dirname (path);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  double values[] = { cost->work.value, cost->work.low, cost->work.high, cost->cpu.value,
                      cost->cpu.low,    cost->cpu.high, cost->n };
  gsize size;

  if (!key || g_mkdir_with_parents (directory, 0755) < 0)
    return;
  g_key_file_set_string (file, GROUP, "key", key);
  g_key_file_set_double_list (file, GROUP, "cost", values, G_N_ELEMENTS (values));
  g_autofree char *data = g_key_file_to_data (file, &size, NULL);
  if (!mig_files_write (path, data, size, NULL))
    return;
}

/* ---- the measurement ---- */

static MigStudy *
make_study (const MigStudy *study, GError **error)
{
  const MigStudyHost *first = study->hosts->pdata[0], *second = study->hosts->pdata[1];
  g_autofree char *xml = g_markup_printf_escaped (
      "<study name='observing'><hosts><host name='%s' cpu='0'/><host name='%s' cpu='0'/></hosts>"
      "<workload name='c' type='cpu'/>"
      "<guest name='c1' workload='c' memory='96 MiB'/><guest name='c2' workload='c' memory='96 "
      "MiB'/>"
      "<guest name='c3' workload='c' memory='96 MiB'/><guest name='c4' workload='c' memory='96 "
      "MiB'/>"
      "<cases><sequence>c1</sequence></cases>"
      "<timing settle='3 s' baseline='%u s' window='%u s' repetitions='1'/></study>",
      first->name, second->name, (guint) (N_WINDOWS * WINDOW_NS / MIG_NS_PER_S),
      (guint) (N_WINDOWS * WINDOW_NS / MIG_NS_PER_S) + 1);
  MigStudy *made = mig_study_parse (xml, strlen (xml), "observing", error);

  /* nobody has to move */
  for (guint i = 0; made && i < made->cases->len; i++)
    g_ptr_array_set_size (((MigStudyCase *) made->cases->pdata[i])->steps, 0);
  return made;
}

static gboolean
run_study (const MigStudy *study, const MigRunOptions *run, MigResultWriter *writer,
           void (*cancel) (gpointer runner), GError **error)
{
  g_autoptr (GArray) schedule = mig_schedule_new (study, 1, 1, NULL);
  MigRunnerOptions options = { .run = *run, .study = study, .schedule = schedule };
  guint sound, failed;

  options.run.writer = writer;
  options.run.alternation_ns = WINDOW_NS;
  options.run.observer = (MigRunObserver){ 0 };
  options.run.identities = NULL;
  g_autoptr (MigRunner) runner = mig_runner_new (&options);
  mig_terminal_on_interrupt (cancel, runner);
  gboolean ok = mig_runner_run (runner, &sound, &failed, error);
  mig_terminal_on_interrupt (NULL, NULL);
  return ok && mig_result_writer_commit (writer, error);
}

static gboolean
measure_into (const char *path, const MigStudy *study, const MigRunOptions *run,
              void (*cancel) (gpointer runner), Cost *cost, GError **error)
{
  g_autoptr (MigStudy) own = make_study (study, error);
  MigManifest manifest = { .study_name = (char *) "observing",
                           .study_title = (char *) "What observing costs",
                           .seed = 1,
                           .started_utc_ns = mig_clock_utc_now (),
                           .started_clock_ns = mig_clock_now () };
  Cost during;

  if (!own)
    return FALSE;
  g_autoptr (MigResultWriter)
      writer = mig_result_writer_new (path, own->xml, own->xml_size, &manifest, error);
  return writer && run_study (own, run, writer, cancel, error) &&
         read_cost (path, cost, &during, error);
}

static gboolean
measure (const MigStudy *study, const MigRunOptions *run, void (*cancel) (gpointer runner),
         Cost *cost, GError **error)
{
  g_autofree char *scratch = g_dir_make_tmp ("migcost-observing-XXXXXX", error);

  if (!scratch)
    return FALSE;
  gboolean ok = measure_into (scratch, study, run, cancel, cost, error);
  mig_files_remove_tree (scratch, NULL);
  return ok;
}

static void
warn_of_cost (const Cost *cost, const MigRunOptions *run)
{
  g_autofree char *heartbeat = mig_units_format_duration (run->heartbeat.rest_ns);
  g_autofree char *sampling = mig_units_format_duration (run->sampling_ns);

  if (cost->n >= 2 && cost->work.high < FREE_SHARE)
    mig_warning ("observing slows down guests here: with heartbeats every %s and samples every %s "
                 "they do %.2f (%.2f to %.2f) of their work; leave out --heartbeat and --sampling "
                 "for what costs least",
                 heartbeat, sampling, cost->work.value, cost->work.low, cost->work.high);
}

gboolean
mig_observing_calibrate (MigSession *session, const MigStudy *study, const MigRunOptions *run,
                         void (*cancel) (gpointer runner), GError **error)
{
  Cost cost = { .n = 0 };

  if (!session->lab || MIG_IS_MISSING (run->heartbeat.rest_ns))
    return TRUE;
  g_autofree char *key = machine_key (session, run);
  if (!recall (key, &cost))
    {
      mig_info ("measuring what observing costs guests on this machine: about 45 s, once "
                "(--no-calibration leaves it out)");
      if (!measure (study, run, cancel, &cost, error))
        return FALSE;
      remember (key, &cost);
    }
  warn_of_cost (&cost, run);
  return write_cost (run->writer, &before_facts, &cost, error);
}
