/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "check/check-disk.h"
#include "check/route.h"
#include "hosts/guest-disk.h"

/* Whether guests' disks can be made where all hosts see them, or where they are copied from and to,
 * and whether a migration is safe for what is on them. */

static const char *const safe_caches[] = { "none", "directsync", NULL };

/* check_cache: what a host keeps in its own cache the other one does not see. */
static void
check_cache (GPtrArray *checks, const MigRunHost *host, const MigStudy *study,
             const MigStudyGuest *guest)
{
  const char *cache = mig_guest_disk_cache (host, guest);

  if (mig_guest_disk_is_coherent (host) || g_strv_contains (safe_caches, cache))
    return;
  mig_check_add (
      checks, MIG_CHECK_WARN, MIG_CHECK_STUDY, "disk",
      g_strdup_printf ("%s:%u: guest '%s' has a disk with the cache mode '%s': the destination may "
                       "read what it had cached before the source wrote it, and libvirt refuses "
                       "that as unsafe where QEMU does not drop its cache (before 4.0)",
                       study->path, guest->line, guest->name, cache),
      g_strdup ("remove disk-cache= from that <guest>, for the default, 'none'"));
}

static void
check_driver (GPtrArray *checks, const MigRunHost *host)
{
  const char *driver = mig_host_info (host->host)->driver;

  if (strcmp (driver, "QEMU") != 0)
    mig_check_add (checks, MIG_CHECK_FAIL, host->study->name, "disk",
                   g_strdup_printf ("migcost gives no disks to guests of the %s driver", driver),
                   g_strdup ("name a template with a disk, or remove disk= from <guest>"));
}

/* check_copy: a small disk is made on either host. */
static void
check_copy (GPtrArray *checks, const MigRunHost *from, const MigRunHost *to, MigUndo *undo)
{
  g_autoptr (GError) error = NULL;

  if (mig_guest_disk_try (from, undo, &error) && mig_guest_disk_try (to, undo, &error))
    mig_check_add (
        checks, MIG_CHECK_PASS, from->study->name, "disk",
        g_strdup_printf ("guests' disks can be copied to one on host '%s'", to->study->name), NULL);
  else
    mig_check_add (checks, MIG_CHECK_FAIL, from->study->name, "disk", g_strdup (error->message),
                   g_strdup ("name storage of each host's own in disk-pool= of its <host>"));
}

/* check_pair: a small volume is made on one host and looked for on the other one. */
static void
check_pair (GPtrArray *checks, const MigRunHost *from, const MigRunHost *to, MigUndo *undo)
{
  g_autofree char *why_not = NULL;
  g_autoptr (GError) error = NULL;

  if (mig_guest_disk_is_shared (from, to, undo, &why_not, &error))
    mig_check_add (checks, MIG_CHECK_PASS, from->study->name, "disk",
                   g_strdup_printf ("guests' disks are seen by host '%s'", to->study->name), NULL);
  else
    mig_check_add (
        checks, MIG_CHECK_FAIL, from->study->name, "disk",
        g_strdup (why_not ? why_not : error->message),
        g_strdup ("mount the same storage by the same path on both hosts (NFS), and name "
                  "it in disk-pool= of both <host>s, or by --disk-pool"));
}

static void
check_pairs (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study, MigUndo *undo)
{
  g_autoptr (GArray) pairs = mig_route_pairs (study, NULL);
  guint kinds = mig_study_disks (study);

  for (guint i = 0; i < pairs->len; i++)
    {
      const MigRoutePair *pair = &g_array_index (pairs, MigRoutePair, i);
      const MigRunHost *from = mig_run_host_find (hosts, pair->from),
                       *to = mig_run_host_find (hosts, pair->to);
      if (from && to && (kinds & MIG_DISKS_SHARED))
        check_pair (checks, from, to, undo);
      if (from && to && (kinds & MIG_DISKS_COPIED))
        check_copy (checks, from, to, undo);
    }
}

void
mig_check_disks (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study)
{
  g_autoptr (MigUndo) undo = NULL;
  g_autoptr (GError) error = NULL;

  if (!mig_study_disks (study))
    return;
  for (guint i = 0; i < hosts->len; i++)
    check_driver (checks, hosts->pdata[i]);
  for (guint i = 0; i < study->guests->len; i++)
    {
      const MigStudyGuest *guest = study->guests->pdata[i];
      const MigRunHost *host = mig_run_host_find (hosts, guest->host->name);
      if (guest->disk_bytes && host && (mig_study_disks (study) & MIG_DISKS_SHARED))
        check_cache (checks, host, study, guest);
    }
  undo = mig_undo_new (&error);
  if (undo)
    {
      check_pairs (checks, hosts, study, undo);
      mig_undo_all (undo, NULL);
    }
  else
    mig_check_add (checks, MIG_CHECK_FAIL, MIG_CHECK_STUDY, "disk", g_strdup (error->message),
                   g_strdup ("make that directory writable"));
}
