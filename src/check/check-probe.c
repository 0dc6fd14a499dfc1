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
