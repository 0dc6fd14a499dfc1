/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "check/check-probe.h"
#include "probe/prober-client.h"

/* an answer that takes longer than this does not come */
#define PATIENCE_NS (2 * MIG_NS_PER_S)
#define ASK_NS (50 * MIG_NS_PER_MS)

static void
warn (GPtrArray *checks, const MigStudyGuest *guest, char *finding, const char *hint)
{
  mig_check_add (checks, MIG_CHECK_WARN, guest->host->name, "probe", finding, g_strdup (hint));
}

/* is_answered: whether it has answered before the patience ends. */
static gboolean
is_answered (const char *probe, GError **error)
{
  g_autoptr (MigProberClient) client = mig_prober_client_start (error);
  gint64 heard_ns = MIG_MISSING_INT, deadline_ns = mig_clock_now () + PATIENCE_NS;

  if (!client || !mig_prober_client_add (client, probe, 0) || !mig_prober_client_go (client))
    return FALSE;
  while (MIG_IS_MISSING (heard_ns) && mig_clock_now () < deadline_ns)
    {
      mig_clock_sleep_until (mig_clock_now () + ASK_NS);
      if (!mig_prober_client_heard (client, &heard_ns))
        return FALSE;
    }
  return !MIG_IS_MISSING (heard_ns);
}

static void
check_guest (GPtrArray *checks, const MigStudyGuest *guest)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigProbeSpec) spec = mig_probe_spec_parse (guest->probe, FALSE, &error);
  g_autofree char *asks = spec ? mig_probe_spec_asks (spec) : NULL;

  if (!spec || !mig_prober_may_ask (spec, &error))
    {
      warn (checks, guest, g_strdup (error->message),
            "what its clients notice is not measured else");
      return;
    }
  if (spec->port == MIG_PROBE_SSH_PORT)
    warn (checks, guest,
          g_strdup_printf ("guest '%s' is probed at port 22: SSH servers lock out who connects "
                           "that often",
                           guest->name),
          "probe it by icmp, or at a port where nothing listens");
  if (is_answered (guest->probe, &error))
    mig_check_add (checks, MIG_CHECK_PASS, guest->host->name, "probe",
                   g_strdup_printf ("guest '%s' answers %s", guest->name, asks), NULL);
  else
    warn (checks, guest,
          error ? g_strdup (error->message)
                : g_strdup_printf ("guest '%s' does not answer %s", guest->name, asks),
          "check address= of that <guest>, and what its firewall lets through");
}

void
mig_check_probes (GPtrArray *checks, const MigStudy *study)
{
  for (guint i = 0; i < study->guests->len; i++)
    if (((const MigStudyGuest *) study->guests->pdata[i])->probe)
      check_guest (checks, study->guests->pdata[i]);
}

/* ---- addresses that are to be free ---- */

/* whoever has an address refuses connections to a port where nobody listens: discard's */
#define NOBODYS_PORT 9

static gboolean
is_taken (const GArray *probes, guint guest)
{
  for (guint i = 0; i < probes->len; i++)
    {
      const MigProbe *probe = &g_array_index (probes, MigProbe, i);
      if (probe->guest == guest && !MIG_IS_MISSING (probe->answered_ns))
        return TRUE;
    }
  return FALSE;
}

/* ask_all: at the same time, until the patience ends. FALSE: the prober has gone. */
static gboolean
ask_all (const GPtrArray *guests, MigProberTold *told)
{
  g_autoptr (MigProberClient) client = mig_prober_client_start (NULL);

  for (guint i = 0; client && i < guests->len; i++)
    {
      const MigStudyGuest *guest = guests->pdata[i];
      g_autofree char *probe = g_strdup_printf ("tcp:%s:%d", guest->address, NOBODYS_PORT);
      mig_prober_client_add (client, probe, 0);
    }
  if (!client || !mig_prober_client_go (client))
    return FALSE;
  mig_clock_sleep_until (mig_clock_now () + PATIENCE_NS);
  return mig_prober_client_tell (client, told);
}

void
mig_check_addresses (GPtrArray *checks, const MigStudy *study)
{
  g_autoptr (GPtrArray) guests = g_ptr_array_new ();
  g_auto (MigProberTold) told = { NULL };

  for (guint i = 0; i < study->guests->len && guests->len < MIG_PROBE_MAX_GUESTS; i++)
    if (((const MigStudyGuest *) study->guests->pdata[i])->address)
      g_ptr_array_add (guests, study->guests->pdata[i]);
  if (guests->len == 0)
    return;
  mig_prober_told_init (&told);
  gboolean asked = ask_all (guests, &told);
  for (guint i = 0; i < guests->len && asked; i++)
    {
      const MigStudyGuest *guest = guests->pdata[i];
      if (is_taken (told.probes, i))
        mig_check_add (checks, MIG_CHECK_FAIL, guest->host->name, "address",
                       g_strdup_printf ("%s:%u: the address %s of guest '%s' answers already",
                                        study->path, guest->line, guest->address, guest->name),
                       g_strdup ("give that <guest> an address that nobody has"));
      else
        mig_check_add (checks, MIG_CHECK_PASS, guest->host->name, "address",
                       g_strdup_printf ("%s of guest '%s' is free, as far as it is seen from here",
                                        guest->address, guest->name),
                       NULL);
    }
}
