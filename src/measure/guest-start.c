/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "hosts/guest-hardware.h"
#include "hosts/guest-machine.h"
#include "hosts/saved-image.h"
#include "lab/lab.h"
#include "measure/run-guest-state.h"
#include "virt/domain-xml.h"
#include "virt/save-image.h"
#include "virt/template.h"

/* How a guest comes to be: it boots, or is restored as it was saved when it was ready. */

/* ---- its domain ---- */

static char *
workload_arguments (const MigRunGuest *run_guest)
{
  const MigStudyWorkload *workload = run_guest->guest->workload;
  GString *text = g_string_new (workload->type);

  if (workload->wss_bytes)
    {
      g_string_append_printf (text, " wss=%" G_GUINT64_FORMAT, workload->wss_bytes);
      if (workload->rate_pages_per_s)
        g_string_append_printf (text, " rate=%" G_GUINT64_FORMAT, workload->rate_pages_per_s);
      if (workload->random)
        g_string_append (text, " order=random");
    }
  if (workload->off_after_ns)
    g_string_append_printf (text, " off-after=%" G_GINT64_FORMAT "ms",
                            workload->off_after_ns / MIG_NS_PER_MS);
  if (run_guest->guest->vcpus > 1)
    g_string_append_printf (text, " threads=%" G_GUINT64_FORMAT, run_guest->guest->vcpus);
  if (mig_run_guest_has_network (run_guest))
    {
      g_autofree char *address = mig_run_guest_address (run_guest);
      g_string_append_printf (text, " address=%s/%u", address,
                              mig_run_guest_in_lab (run_guest) ? MIG_LAB_GUEST_PREFIX
                                                               : run_guest->guest->prefix);
    }
  g_string_append_printf (text, " period=%" G_GINT64_FORMAT "us",
                          run_guest->run->options.heartbeat.rest_ns / MIG_NS_PER_US);
  return g_string_free (text, FALSE);
}

static char *
domain_xml (const MigRunGuest *run_guest, const char *uuid, const char *owner, GError **error)
{
  const MigRunHost *host = run_guest->home;
  g_autofree char *arguments = workload_arguments (run_guest);
  g_autofree char *file = mig_files_find_template (run_guest->guest->template_name);
  const MigServer *server = mig_run_guest_server (run_guest);

  if (run_guest->guest->template_name && !file)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                   "%s:%u: guest '%s' has an unknown template '%s'; expected a name from "
                   "'migcost list', or a path with a '/'",
                   run_guest->run->study->path, run_guest->guest->line, run_guest->guest->name,
                   run_guest->guest->template_name);
      return NULL;
    }
  gint64 numa_node = run_guest->guest->numa_node;
  g_autofree char *cpu = mig_guest_cpu_xml (host, run_guest->guest);
  g_autofree char *node = MIG_IS_MISSING (numa_node)
                              ? NULL
                              : g_strdup_printf ("%" G_GINT64_FORMAT, numa_node);
  MigTemplateValues values = {
    .name = run_guest->guest->domain,
    .uuid = uuid,
    .owner = owner,
    .memory_bytes = run_guest->guest->memory_bytes,
    .vcpus = run_guest->guest->vcpus,
    .kernel = host->kernel,
    .initrd = server ? server->initrd : host->initrd,
    .arguments = arguments,
    .emulator = host->emulator,
    .hugepages = run_guest->guest->hugepages,
    .dirty_ring = run_guest->guest->dirty_ring,
    .numa_node = node,
    .cpu = cpu,
    .machine = mig_guest_common_machine (host, file),
  };
  guint index = mig_run_guest_index (run_guest);
  g_autofree char *tap = g_strdup_printf (MIG_LAB_TAP "%u", index);
  g_autofree char *mac = g_strdup_printf (MIG_LAB_GUEST_MAC, index);
  if (mig_run_guest_has_network (run_guest) && mig_run_guest_in_lab (run_guest))
    {
      values.tap = tap;
      values.mac = mac;
    }
  else if (mig_run_guest_has_network (run_guest))
    {
      values.mac = run_guest->guest->mac;
      values.bridge = run_guest->run->study->network.bridge;
      values.network = run_guest->run->study->network.name;
    }
  if (run_guest->disks->len > 0)
    {
      values.disk = ((const MigGuestDisk *) run_guest->disks->pdata[0])->path;
      values.disk_cache = mig_guest_disk_cache (host, run_guest->guest);
    }
  return mig_template_fill (file ? file : host->template_file, &values, error);
}

/* ---- start ---- */

/* note_definition: what the guest is, without what differs from one repetition to the next. */
static gboolean
note_definition (MigRunGuest *run_guest, GError **error)
{
  static const char anyone[] = "00000000-0000-4000-8000-000000000000";

  if (run_guest->run->study->boots || !mig_saved_image_can (run_guest->home) ||
      run_guest->guest->disk_bytes)
    return TRUE;
  g_autofree char *xml = domain_xml (run_guest, anyone, "", error);
  /* one with a disk, its own or its template's, has written to it since */
  if (xml && !mig_domain_xml_keeps_state (xml))
    run_guest->definition = g_strconcat (run_guest->home->study->name, "\n", xml, NULL);
  return xml != NULL;
}

static gboolean
check_name (const MigRunGuest *run_guest, GError **error)
{
  g_autoptr (MigGuest)
      there = mig_guest_lookup (run_guest->home->host, run_guest->guest->domain, NULL);

  if (there)
    g_set_error (error, MIG_ERROR, MIG_ERROR_EXISTS,
                 "host '%s' already has a domain '%s'; rename the study's guest '%s', or remove "
                 "that domain",
                 run_guest->home->study->name, run_guest->guest->domain, run_guest->guest->name);
  return !there;
}

static void
set_identity (MigRunGuest *run_guest, char *uuid /* taken */, gboolean restored)
{
  g_mutex_lock (&run_guest->run->lock);
  g_free (run_guest->uuid);
  run_guest->uuid = uuid;
  run_guest->restored = run_guest->awaits_start = restored;
  g_mutex_unlock (&run_guest->run->lock);
}

/* restore: NULL without error: it has to boot. */
static MigGuest *
restore (MigRunGuest *run_guest, GError **error)
{
  g_autofree char *path = NULL;
  char *uuid = NULL;
  g_autoptr (GError) why = NULL;

  if (!run_guest->definition ||
      !mig_saved_guests_find (run_guest->run->saved, run_guest->definition, &path, &uuid))
    return NULL;
  set_identity (run_guest, uuid, TRUE);
  if (!mig_run_guest_note_domain (run_guest, run_guest->home, error))
    return NULL;
  MigGuest *guest = mig_guest_restore (run_guest->home->host, path, uuid, &why);
  if (guest)
    return guest;
  mig_saved_guests_refuse (run_guest->run->saved, run_guest->definition, why);
  set_identity (run_guest, g_uuid_string_random (), FALSE);
  return NULL;
}

const char *
mig_run_guest_make_disk (MigRunGuest *run_guest, const MigRunHost *host, GError **error)
{
  const MigStudyGuest *guest = run_guest->guest;

  for (guint i = 0; i < run_guest->disks->len; i++)
    {
      const MigGuestDisk *made = run_guest->disks->pdata[i];
      if (made->host == host->host)
        return made->path;
    }
  MigGuestDisk *disk = mig_guest_disk_new (host, guest->name, guest->disk_bytes,
                                           run_guest->run->undo, error);
  if (!disk)
    return NULL;
  g_ptr_array_add (run_guest->disks, disk);
  return disk->path;
}

static MigGuest *
boot (MigRunGuest *run_guest, GError **error)
{
  g_autofree char *owner = g_strdup_printf ("run %" G_GINT64_FORMAT, run_guest->run->number);
  if (run_guest->guest->disk_bytes && !mig_run_guest_make_disk (run_guest, run_guest->home, error))
    return NULL;
  g_autofree char *xml = domain_xml (run_guest, run_guest->uuid, owner, error);

  if (!xml || !mig_run_guest_note_domain (run_guest, run_guest->home, error))
    return NULL;
  return mig_guest_start (run_guest->home->host, xml, error);
}

static gboolean
start_guest (MigRunGuest *run_guest, GError **error)
{
  MigRun *run = run_guest->run;
  GError *problem = NULL;

  if (run_guest->guest->existing)
    return mig_run_guest_take (run_guest, error);
  if (!note_definition (run_guest, error) || !check_name (run_guest, error))
    return FALSE;
  MigGuest *guest = restore (run_guest, &problem);
  if (!guest && !problem)
    guest = boot (run_guest, &problem);
  if (!guest)
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  g_mutex_lock (&run->lock);
  g_ptr_array_add (run_guest->handles, guest);
  g_mutex_unlock (&run->lock);
  if (run_guest->restored)
    mig_guest_console_expect_heartbeat (run_guest->console);
  /* the console before the first instruction, so that READY is not missed; and one that is restored
   * settles from its first heartbeat on, where it is going to be */
  return mig_guest_console_open (run_guest->console, run_guest->home, guest, error) &&
         (!run_guest->restored || mig_run_guest_pin (run_guest, error));
}

/* ---- in a thread of its own ---- */

static gpointer
starter (gpointer data)
{
  MigRunGuest *run_guest = data;
  start_guest (run_guest, &run_guest->failure);
  return NULL;
}

void
mig_run_guest_start (MigRunGuest *run_guest)
{
  run_guest->worker = g_thread_new ("start", starter, run_guest);
}

gboolean
mig_run_guest_join (MigRunGuest *run_guest, GError **error)
{
  if (run_guest->worker)
    g_thread_join (g_steal_pointer (&run_guest->worker));
  if (!run_guest->failure)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&run_guest->failure));
  return FALSE;
}

gboolean
mig_run_guest_is_worth_saving (const MigRunGuest *run_guest)
{
  return run_guest->definition && !run_guest->restored && run_guest->run->guests_return &&
         mig_saved_guests_wants (run_guest->run->saved, run_guest->definition);
}

static gpointer
saver (gpointer data)
{
  MigRunGuest *run_guest = data;
  mig_saved_guests_save (run_guest->run->saved, run_guest->definition, run_guest->home,
                         g_ptr_array_index (run_guest->handles, 0));
  g_mutex_lock (&run_guest->run->lock);
  run_guest->saving = FALSE;
  g_cond_broadcast (&run_guest->run->changed);
  g_mutex_unlock (&run_guest->run->lock);
  return NULL;
}

void
mig_run_guest_save (MigRunGuest *run_guest)
{
  run_guest->saving = TRUE; /* before there is a thread to see it */
  run_guest->worker = g_thread_new ("save", saver, run_guest);
}

gboolean
mig_run_guest_is_saving (const MigRunGuest *run_guest)
{
  return run_guest->saving;
}

void
mig_run_guest_abort_save (MigRunGuest *run_guest)
{
  mig_guest_abort_save (g_ptr_array_index (run_guest->handles, 0));
}

gboolean
mig_run_guest_resume (MigRunGuest *run_guest, GError **error)
{
  if (run_guest->guest->existing)
    return TRUE;
  if (!mig_guest_resume (g_ptr_array_index (run_guest->handles, 0), error))
    return FALSE;
  g_mutex_lock (&run_guest->run->lock);
  if (run_guest->restored)
    mig_guest_console_wake (run_guest->console);
  g_mutex_unlock (&run_guest->run->lock);
  return TRUE;
}
