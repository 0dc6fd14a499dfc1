/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "run/internal.h"
#include "run/preflight-parts.h"

static gboolean
is_moved (const MigStudy *study, const MigStudyGuest *guest)
{
  for (guint i = 0; i < study->cases->len; i++)
    if (mig_case_moves (study->cases->pdata[i], guest->name))
      return TRUE;
  return FALSE;
}

static void
check_place (GPtrArray *checks, const MigStudy *study, const MigStudyGuest *guest, const MigRunHost *where)
{
  const char *home = guest->host->name;

  if (g_strcmp0 (where->study->name, home) == 0)
    mig_check_add (checks, MIG_CHECK_PASS, home, "guest", g_strdup_printf ("guest '%s' runs there", guest->name), NULL);
  else if (is_moved (study, guest))
    mig_check_add (checks, MIG_CHECK_WARN, home, "guest",
                   g_strdup_printf ("guest '%s' runs on host '%s'", guest->name, where->study->name),
                   g_strdup ("before the first run it is moved from there, which is not measured"));
  else
    mig_check_add (checks, MIG_CHECK_FAIL, home, "guest",
                   g_strdup_printf ("%s:%u: guest '%s' runs on host '%s', and no case moves it", study->path, guest->line,
                                    guest->name, where->study->name),
                   g_strdup_printf ("give that <guest> host=\"%s\"", where->study->name));
}

/* Another domain of its name would not let it in. Its own definition, which stays where it was, does. */
static void
check_name (GPtrArray *checks, const MigStudyGuest *guest, MigGuest *running, const MigRunHost *host)
{
  g_autoptr (MigGuest) there = mig_guest_lookup (host->host, guest->domain, NULL);

  if (there && !mig_guest_is_same (there, running))
    mig_check_add (checks, MIG_CHECK_FAIL, host->study->name, "names",
                   g_strdup_printf ("another domain '%s' is there, so that guest '%s' cannot come", guest->domain,
                                    guest->name),
                   g_strdup ("rename one of the two"));
}

static void
check_guest (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study, const MigStudyGuest *guest)
{
  const MigRunHost *where = NULL;
  MigGuestLook look;
  g_autoptr (MigGuest) running = mig_existing_find (hosts, guest, &where, &look);

  if (!running)
    {
      mig_check_add (checks, MIG_CHECK_FAIL, guest->host->name, "guest",
                     g_strdup_printf ("%s:%u: guest '%s' (domain '%s') runs on none of the study's hosts", study->path,
                                      guest->line, guest->name, guest->domain),
                     g_strdup ("start it, or correct name= or domain= of that <guest>"));
      return;
    }
  check_place (checks, study, guest, where);
  if (!is_moved (study, guest))
    return;
  for (guint i = 0; i < hosts->len; i++)
    {
      const MigRunHost *host = hosts->pdata[i];
      if (look.emulated)
        mig_preflight_trust (checks, host);
      if (host == where)
        continue;
      check_name (checks, guest, running, host);
      mig_preflight_memory (checks, host, look.memory_bytes);
    }
}

void
mig_preflight_existing (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study)
{
  for (guint i = 0; i < study->guests->len; i++)
    {
      const MigStudyGuest *guest = study->guests->pdata[i];
      if (guest->existing)
        check_guest (checks, hosts, study, guest);
    }
}
