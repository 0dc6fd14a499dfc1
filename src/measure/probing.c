/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/log.h"
#include "hosts/probe-row.h"
#include "hosts/probe-selection.h"
#include "measure/probing.h"

struct _MigProbing {
  MigRun *run;
  GPtrArray *guests; /* MigRunGuest, as the prober counts them */
  GPtrArray *macs;   /* char **, of each of them */
  MigProberClient *client;
  gboolean ended;
  MigProberTold told; /* once it has ended */
};

static void
warn (const char *why)
{
  mig_warning ("%s: what clients notice is not measured", why);
}

/* can_ask: a guest that is somebody's is asked from here, and how may not be allowed. */
static gboolean
can_ask (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigProbeSpec) spec = mig_probe_spec_parse (text, TRUE, &error);

  if (spec && (spec->method == MIG_PROBE_BY_ECHO || mig_prober_may_ask (spec, &error)))
    return TRUE;
  warn (error->message);
  return FALSE;
}

/* open_prober: where guests are on a lab's network, only its prober reaches them. */
static MigProberClient *
open_prober (const MigRun *run, GError **error)
{
  return run->options.prober ? mig_prober_client_connect (run->options.prober, error)
                             : mig_prober_client_start (error);
}

/* ask_guest: FALSE: the prober has gone. */
static gboolean
ask_guest (const MigProbing *probing, const MigStudyGuest *guest, const char *spec)
{
  gint64 period_ns = guest->existing ? 0 : probing->run->options.probing_ns;

  return mig_prober_client_add (probing->client, spec, period_ns) &&
         (!guest->streams || mig_prober_client_streams (probing->client, probing->guests->len));
}

/* ask_guests: FALSE: the prober has gone. */
static gboolean
ask_guests (MigProbing *probing, const GPtrArray *guests)
{
  for (guint i = 0; i < guests->len && probing->guests->len < MIG_PROBE_MAX_GUESTS; i++)
    {
      g_autofree char *spec = mig_run_guest_probe (guests->pdata[i]);
      if (!spec || !can_ask (spec))
        continue;
      if (!ask_guest (probing, mig_run_guest_study (guests->pdata[i]), spec))
        return FALSE;
      g_ptr_array_add (probing->guests, guests->pdata[i]);
      g_ptr_array_add (probing->macs, mig_run_guest_macs (guests->pdata[i]));
    }
  return mig_prober_client_go (probing->client);
}

static gboolean
any_probed (const GPtrArray *guests)
{
  gboolean any = FALSE;

  for (guint i = 0; i < guests->len && !any; i++)
    {
      g_autofree char *spec = mig_run_guest_probe (guests->pdata[i]);
      any = spec != NULL;
    }
  return any;
}

MigProbing *
mig_probing_start (MigRun *run, const GPtrArray *guests)
{
  g_autoptr (MigProbing) probing = NULL;
  g_autoptr (GError) error = NULL;

  if (!any_probed (guests))
    return NULL;
  probing = g_new0 (MigProbing, 1);
  probing->run = run;
  probing->guests = g_ptr_array_new ();
  probing->macs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  mig_prober_told_init (&probing->told);
  probing->client = open_prober (run, &error);
  if (probing->client && ask_guests (probing, guests))
    return g_steal_pointer (&probing);
  warn (error ? error->message : "the prober has ended");
  return NULL;
}

/* lose_prober: it does not answer any more. */
static void
lose_prober (MigProbing *probing)
{
  warn ("the prober has ended");
  probing->ended = TRUE;
}

GPtrArray *
mig_probing_unheard (MigProbing *probing)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint));
  GPtrArray *guests = g_ptr_array_new ();

  if (!probing || probing->ended)
    return guests;
  if (!mig_prober_client_unheard (probing->client, numbers))
    lose_prober (probing);
  for (guint i = 0; i < numbers->len; i++)
    if (g_array_index (numbers, guint, i) < probing->guests->len)
      g_ptr_array_add (guests, probing->guests->pdata[g_array_index (numbers, guint, i)]);
  return guests;
}

/* start_load: of a guest with a server whose clients somebody plays. FALSE: the prober has gone. */
static gboolean
start_load (const MigProbing *probing, guint guest)
{
  const MigServer *server = mig_run_guest_server (probing->guests->pdata[guest]);

  if (!server || !server->generator)
    return TRUE;
  g_autofree char *address = mig_run_guest_address (probing->guests->pdata[guest]);
  g_autofree char *spec = mig_server_spec (server, address);
  return mig_prober_client_load (probing->client, guest, server->generator, server->clients,
                                 server->rate, spec);
}

void
mig_probing_begin (MigProbing *probing)
{
  if (!probing || probing->ended)
    return;
  gboolean ok = mig_prober_client_forget (probing->client, mig_clock_now ());
  for (guint guest = 0; ok && guest < probing->guests->len; guest++)
    ok = start_load (probing, guest);
  if (!ok)
    lose_prober (probing);
}

gboolean
mig_probing_has_heard (MigProbing *probing, gint64 since_ns)
{
  gint64 heard_ns;

  if (!probing || probing->ended)
    return TRUE;
  if (mig_prober_client_heard (probing->client, &heard_ns))
    return MIG_IS_MISSING (heard_ns) || heard_ns > since_ns;
  lose_prober (probing);
  return TRUE;
}

/* warn_of_guest: one that has never answered, or does not always. */
static void
warn_of_guest (const MigProbing *probing, guint guest)
{
  const MigRunGuest *run_guest = probing->guests->pdata[guest];
  const char *name = mig_run_guest_name (run_guest);
  const char *limited = g_hash_table_lookup (probing->told.limited, GUINT_TO_POINTER (guest));
  g_autofree char *spec = mig_run_guest_probe (run_guest);
  gboolean answered = FALSE;

  for (guint i = 0; i < probing->told.probes->len && !answered; i++)
    {
      const MigProbe *probe = &g_array_index (probing->told.probes, MigProbe, i);
      answered = probe->guest == guest && !MIG_IS_MISSING (probe->answered_ns);
    }
  if (limited)
    mig_warning ("guest '%s' answered %s probes (%s): its network limits their rate, so it is "
                 "probed no more; try another probe",
                 name, limited, spec);
  else if (!answered && mig_run_guest_study (run_guest)->existing)
    mig_warning ("guest '%s' does not answer its probe (%s): check the address, and what its "
                 "firewall lets through",
                 name, spec);
  else if (!answered)
    mig_warning ("guest '%s' does not answer on its network: its console log in the result "
                 "directory says why",
                 name);
}

/* warn_of_server: one that answered nobody. */
static void
warn_of_server (const MigProbing *probing, guint guest)
{
  const MigServer *server = mig_run_guest_server (probing->guests->pdata[guest]);
  const GArray *requests = probing->told.requests;
  gboolean answered = FALSE;

  for (guint i = 0; i < requests->len && !answered; i++)
    {
      const MigRequest *request = &g_array_index (requests, MigRequest, i);
      answered = request->guest == guest && !MIG_IS_MISSING (request->answered_ns);
    }
  if (server && server->generator && !answered)
    mig_warning ("server '%s' of guest '%s' answered no request: its console log in the result "
                 "directory may say why",
                 server->name, mig_run_guest_name (probing->guests->pdata[guest]));
}

void
mig_probing_end (MigProbing *probing)
{
  if (!probing || probing->ended)
    return;
  probing->ended = TRUE;
  if (!mig_prober_client_end (probing->client, &probing->told))
    warn ("the prober has ended");
  else
    for (guint guest = 0; guest < probing->guests->len; guest++)
      {
        warn_of_guest (probing, guest);
        warn_of_server (probing, guest);
      }
}

GArray *
mig_probing_rows (const MigProbing *probing, const char *guest)
{
  for (guint i = 0; probing && i < probing->guests->len; i++)
    if (g_str_equal (mig_run_guest_name (probing->guests->pdata[i]), guest))
      return g_hash_table_contains (probing->told.limited, GUINT_TO_POINTER (i))
                 ? NULL
                 : mig_probe_rows (probing->told.probes, i, probing->run->number, guest);
  return NULL;
}

static void
write_announcement (const MigProbing *probing, const MigAnnouncement *announcement,
                    const GPtrArray *migrations)
{
  for (guint guest = 0; guest < probing->guests->len; guest++)
    for (guint i = 0; i < migrations->len; i++)
      {
        const char *name = mig_run_guest_name (probing->guests->pdata[guest]);
        const MigMigrationRecord *m = migrations->pdata[i];
        MigAnnouncementRecord row;
        if (!g_str_equal (m->guest, name) ||
            !mig_announcement_row_fill (&row, probing->run->number, name,
                                        (const char *const *) probing->macs->pdata[guest],
                                        m->start_ns, m->end_ns, announcement))
          continue;
        mig_run_append (probing->run, MIG_TABLE_ANNOUNCEMENTS, &row);
        return;
      }
}

static void
write_requests (const MigProbing *probing)
{
  const GArray *requests = probing->told.requests;

  for (guint i = 0; i < requests->len; i++)
    {
      const MigRequest *request = &g_array_index (requests, MigRequest, i);
      if (request->guest >= probing->guests->len)
        continue;
      const MigRequestRecord row = {
        .run = probing->run->number,
        .guest = (char *) mig_run_guest_name (probing->guests->pdata[request->guest]),
        .sent_ns = request->sent_ns,
        .answered_ns = request->answered_ns,
        .status = request->status,
        .given_up_ns = request->given_up_ns,
      };
      mig_run_append (probing->run, MIG_TABLE_REQUESTS, &row);
    }
}

void
mig_probing_write (const MigProbing *probing, const GPtrArray *migrations)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  guint cut = 0;

  if (!probing)
    return;
  for (guint i = 0; i < probing->guests->len; i++)
    g_ptr_array_add (names, (gpointer) mig_run_guest_name (probing->guests->pdata[i]));
  const GArray *probes = probing->told.probes;
  g_autoptr (GArray) kept = mig_probes_select (probes, names, migrations, &cut);
  for (guint i = 0; i < kept->len; i++)
    {
      const MigProbe *probe = &g_array_index (probes, MigProbe, i);
      MigProbeRecord row;
      if (!g_array_index (kept, gboolean, i) ||
          g_hash_table_contains (probing->told.limited, GUINT_TO_POINTER (probe->guest)))
        continue;
      mig_probe_row_fill (&row, probing->run->number, names->pdata[probe->guest], probe);
      mig_run_append (probing->run, MIG_TABLE_PROBES, &row);
    }
  for (guint i = 0; i < probing->told.announcements->len; i++)
    write_announcement (probing, &g_array_index (probing->told.announcements, MigAnnouncement, i),
                        migrations);
  write_requests (probing);
  if (cut > 0)
    mig_warning ("clients waited for answers so often that %u of their probes are not stored: what "
                 "they noticed lasted longer than the report says",
                 cut);
}

void
mig_probing_free (MigProbing *probing)
{
  if (!probing)
    return;
  mig_prober_client_free (probing->client);
  mig_prober_told_clear (&probing->told);
  g_ptr_array_unref (probing->guests);
  g_ptr_array_unref (probing->macs);
  g_free (probing);
}
