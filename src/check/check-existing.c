/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "check/check-existing.h"
#include "check/check-hypervisor.h"
#include "check/check-network.h"
#include "check/route.h"
#include "hosts/found-guest.h"
#include "virt/node-memory.h"
#include "virt/obstacle.h"
#include "virt/slow-bridge.h"

static MigCheck *
check_place (GPtrArray *checks, const MigStudy *study, const MigStudyGuest *guest,
             const MigRunHost *where)
{
  const char *home = guest->host->name;

  if (g_strcmp0 (where->study->name, home) == 0)
    return mig_check_add (checks, MIG_CHECK_PASS, home, "guest",
                          g_strdup_printf ("guest '%s' runs there", guest->name), NULL);
  if (mig_cases_move (study->cases, guest->name))
    return mig_check_add (
        checks, MIG_CHECK_WARN, home, "guest",
        g_strdup_printf ("guest '%s' runs on host '%s'", guest->name, where->study->name),
        g_strdup ("it is moved from there before the first run (not measured)"));
  return mig_check_add (
      checks, MIG_CHECK_FAIL, home, "guest",
      g_strdup_printf ("%s:%u: guest '%s' runs on host '%s', and no case moves it", study->path,
                       guest->line, guest->name, where->study->name),
      g_strdup_printf ("give that <guest> host=\"%s\"", where->study->name));
}

/* add_obstacles: to a host or (NULL) to any. */
static void
add_obstacles (GPtrArray *checks, const MigStudyGuest *guest, const MigRunHost *where,
               const MigRunHost *to, const GPtrArray *obstacles)
{
  g_autofree char *whither = to ? g_strdup_printf (" to host '%s'", to->study->name)
                                : g_strdup ("");

  for (guint i = 0; i < obstacles->len; i++)
    {
      const MigGuestObstacle *one = obstacles->pdata[i];
      mig_check_add (checks, one->certain ? MIG_CHECK_FAIL : MIG_CHECK_WARN, where->study->name,
                     "guest",
                     g_strdup_printf ("guest '%s' %s%s: %s", guest->name,
                                      one->certain ? "cannot migrate" : "may fail to migrate",
                                      whither, one->reason),
                     g_strdup (one->advice));
    }
}

/* check_obstacles: what libvirt refuses, and what may fail, before anything is moved. */
static void
check_obstacles (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study,
                 const MigStudyGuest *guest, const MigFoundGuest *found)
{
  g_autofree char *xml = mig_guest_xml (found->guest, FALSE, NULL);
  g_autoptr (GPtrArray) anywhere = mig_guest_obstacles (found->guest, xml, &study->flags);
  g_autoptr (MigGuestNeeds) needs = mig_guest_needs_new (found->guest, xml, &study->flags);

  add_obstacles (checks, guest, found->where, NULL, anywhere);
  for (guint i = 0; i < hosts->len; i++)
    {
      const MigRunHost *host = hosts->pdata[i];
      if (host == found->where || !mig_route_visits (study, NULL, guest, host->study->name))
        continue;
      g_autoptr (GPtrArray) there = mig_guest_obstacles_at (needs, host->host);
      add_obstacles (checks, guest, found->where, host, there);
    }
}

/* check_identity: it is one guest; the check remembers which. */
static void
check_identity (GPtrArray *checks, MigCheck *check, const MigStudyGuest *guest,
                const MigFoundGuest *found)
{
  check->guest = g_strdup (guest->name);
  check->uuid = g_strdup (mig_guest_uuid (found->guest));
  if (found->also)
    mig_check_add (checks, MIG_CHECK_FAIL, guest->host->name, "guest",
                   g_strdup_printf ("guest '%s' (UUID %s) runs on host '%s' and on host '%s'",
                                    guest->name, check->uuid, found->where->study->name,
                                    found->also->study->name),
                   g_strdup ("end the unwanted one before its disks and addresses suffer"));
}

/* fail_stranger: what has its name now is not what an earlier process began to measure. */
static void
fail_stranger (GPtrArray *checks, const MigStudy *study, const MigStudyGuest *guest,
               const char *uuid, const MigFoundGuest *found)
{
  mig_check_add (
      checks, MIG_CHECK_FAIL, guest->host->name, "guest",
      g_strdup_printf (
          "%s:%u: guest '%s' of this run (domain '%s', UUID %s) runs on none of the study's hosts, "
          "and the domain of that name on host '%s' is another one (UUID %s)",
          study->path, guest->line, guest->name, guest->domain, uuid, found->stranger->study->name,
          found->stranger_uuid),
      g_strdup ("start that guest again, or begin a new run with the other one"));
}

/* check_bridges: what is between the guest and its clients when it has come to that host. */
static void
check_bridges (GPtrArray *checks, MigGuest *running, const MigRunHost *host)
{
  g_auto (GStrv) slow = mig_guest_slow_bridges (running, host->host);

  for (guint i = 0; slow[i]; i++)
    mig_check_bridge (checks, host, slow[i]);
}

/* check_ways: the hosts that the guest moves between. */
static void
check_ways (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study,
            const MigStudyGuest *guest, const MigFoundGuest *found)
{
  for (guint i = 0; i < hosts->len; i++)
    {
      const MigRunHost *host = hosts->pdata[i];
      if (host != found->where && !mig_route_visits (study, NULL, guest, host->study->name))
        continue;
      if (found->info.emulated)
        mig_check_trust (checks, host);
      check_bridges (checks, found->guest, host);
      if (guest->probe)
        mig_check_client (checks, host);
    }
}

/* remember: what it has, and where. */
static void
remember (GHashTable *existing, const MigStudyGuest *guest, const MigFoundGuest *found)
{
  MigRouteGuest *one = g_new (MigRouteGuest, 1);

  *one = (MigRouteGuest){ found->info.memory_bytes, found->where->study->name,
                          mig_guest_has_huge_pages (found->guest) };
  g_hash_table_insert (existing, guest->name, one);
}

static void
check_guest (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study,
             const MigStudyGuest *guest, const char *uuid, GHashTable *existing)
{
  g_auto (MigFoundGuest) found = { NULL };

  if (!mig_found_guest_search (&found, hosts, guest, uuid))
    {
      if (found.stranger)
        {
          fail_stranger (checks, study, guest, uuid, &found);
          return;
        }
      mig_check_add (
          checks, MIG_CHECK_FAIL, guest->host->name, "guest",
          g_strdup_printf ("%s:%u: guest '%s' (domain '%s') runs on none of the study's hosts",
                           study->path, guest->line, guest->name, guest->domain),
          g_strdup ("start it, or correct name= or domain= of that <guest>"));
      return;
    }
  remember (existing, guest, &found);
  check_identity (checks, check_place (checks, study, guest, found.where), guest, &found);
  if (!mig_cases_move (study->cases, guest->name))
    return;
  check_obstacles (checks, hosts, study, guest, &found);
  check_ways (checks, hosts, study, guest, &found);
}

void
mig_check_existing (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study,
                    GHashTable *known, GHashTable *existing)
{
  for (guint i = 0; i < study->guests->len; i++)
    {
      const MigStudyGuest *guest = study->guests->pdata[i];
      if (guest->existing)
        check_guest (checks, hosts, study, guest,
                     known ? g_hash_table_lookup (known, guest->name) : NULL, existing);
    }
}
