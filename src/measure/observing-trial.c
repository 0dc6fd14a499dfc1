/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "base/clock.h"
#include "hosts/environment.h"
#include "measure/observing-trial.h"

/* Ten windows: three blocks of three, and the one that is cut. */
#define WINDOW_NS (3 * MIG_NS_PER_S)
#define N_WINDOWS 10
#define N_GUESTS 4

char *
mig_observing_trial_key (const MigSession *session, const MigRunOptions *run)
{
  const MigRunHost *host = session->hosts->pdata[0];
  g_autofree char *model = mig_environment_machine (MIG_FACT_MACHINE_CPU_MODEL);
  struct utsname name;
  struct stat emulator = { 0 };

  uname (&name);
  if (host->emulator && stat (host->emulator, &emulator) < 0)
    return NULL;
  return g_strdup_printf ("%s; %u CPUs; %s %" G_GUINT64_FORMAT "; %s %" G_GINT64_FORMAT
                          "; %s; %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
                          model ? model : "", g_get_num_processors (), name.release,
                          mig_host_info (host->host)->libvirt_version,
                          host->emulator ? host->emulator : "", (gint64) emulator.st_size,
                          PACKAGE_VERSION, run->heartbeat.rest_ns, run->sampling_ns);
}

static MigStudy *
make_study (const MigStudy *study, GError **error)
{
  const MigStudyHost *first = study->hosts->pdata[0], *second = study->hosts->pdata[1];
  const guint baseline_s = N_WINDOWS * WINDOW_NS / MIG_NS_PER_S;
  g_autoptr (GString) xml = g_string_new ("<study name='observing'>");
  g_autofree char *hosts = g_markup_printf_escaped (
      "<hosts><host name='%s' cpu='0'/><host name='%s' cpu='0'/></hosts>", first->name,
      second->name);

  g_string_append (xml, hosts);
  g_string_append (xml, "<workload name='c' type='cpu'/>");
  for (guint i = 1; i <= N_GUESTS; i++)
    g_string_append_printf (xml, "<guest name='c%u' workload='c' memory='96 MiB'/>", i);
  g_string_append_printf (xml,
                          "<cases><sequence>c1</sequence></cases>"
                          "<timing settle='3 s' baseline='%u s' window='%u s' repetitions='1'/>"
                          "</study>",
                          baseline_s, baseline_s + 1);
  MigStudy *made = mig_study_parse (xml->str, xml->len, "observing", error);

  /* nobody has to move */
  for (guint i = 0; made && i < made->cases->len; i++)
    g_ptr_array_set_size (((MigStudyCase *) made->cases->pdata[i])->steps, 0);
  return made;
}

static gboolean
run_study (const MigStudy *study, const MigRunOptions *run, MigResultWriter *writer,
           void (*on_runner) (MigRunner *runner), GError **error)
{
  g_autoptr (GArray) schedule = mig_schedule_new (study, 1, 1, NULL);
  MigRunnerOptions options = { .run = *run, .study = study, .schedule = schedule };
  guint sound, failed;

  options.run.writer = writer;
  options.run.alternation_ns = WINDOW_NS;
  options.run.observer = (MigRunObserver){ 0 };
  options.run.identities = NULL;
  g_autoptr (MigRunner) runner = mig_runner_new (&options);
  on_runner (runner);
  gboolean ok = mig_runner_run (runner, &sound, &failed, error);
  on_runner (NULL);
  return ok && mig_result_writer_commit (writer, error);
}

gboolean
mig_observing_trial_run (const char *path, const MigStudy *study, const MigRunOptions *run,
                         void (*on_runner) (MigRunner *runner), GError **error)
{
  g_autoptr (MigStudy) own = make_study (study, error);
  MigManifest manifest = { .study_name = (char *) "observing",
                           .study_title = (char *) "What observing costs",
                           .seed = 1,
                           .started_utc_ns = mig_clock_utc_now (),
                           .started_clock_ns = mig_clock_now () };

  if (!own)
    return FALSE;
  g_autoptr (MigResultWriter)
      writer = mig_result_writer_new (path, own->xml, own->xml_size, &manifest, error);
  return writer && run_study (own, run, writer, on_runner, error);
}
