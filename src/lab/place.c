/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "lab/autogroups.h"
#include "lab/boot-image.h"
#include "lab/cpus.h"
#include "lab/directory.h"
#include "lab/place.h"
#include "lab/report.h"
#include "lab/tools.h"

/* copy_in: a file into the lab's directory, where the daemons can read it. */
static char *
copy_in (const MigSetup *setup, const char *from, const char *name, GError **error)
{
  g_autofree char *to = g_build_filename (setup->state->directory, name, NULL);

  if (!mig_files_copy (from, to, 0644, error))
    {
      g_prefix_error (error, "cannot copy '%s' into the lab: ", from);
      return NULL;
    }
  return g_steal_pointer (&to);
}

/* write_initrd: with the modules that these devices need. FALSE: without them, and why. */
static gboolean
write_initrd (const MigKeeperOptions *options, MigDevices devices, const char *to, char **why_not)
{
  g_autoptr (GError) why = NULL;
  gboolean ok = devices &&
                mig_boot_image_write (options->initrd, options->kernel, devices, to, &why);

  if (why)
    *why_not = g_strdup (why->message);
  return ok;
}

/* make_disk_directory: in which the starter makes files that daemons may open. */
static char *
make_disk_directory (const MigSetup *setup, char **why_not)
{
  g_autofree char *path = g_build_filename (setup->state->directory, "disks", NULL);

  if (mkdir (path, 0711) == 0 && chmod (path, 0711) == 0)
    return g_steal_pointer (&path);
  *why_not = g_strdup_printf ("cannot create '%s': %s", path, g_strerror (errno));
  return NULL;
}

/* copy_initrd: with the modules that a network card and a disk need, where guests are to have one.
 * Without them the lab has no LAN, and no disks. */
static char *
copy_initrd (MigSetup *setup, const MigKeeperOptions *options, GError **error)
{
  MigLabState *state = setup->state;
  g_autofree char *to = g_build_filename (state->directory, "initrd", NULL);
  MigDevices card = options->taps > 0 ? MIG_DEVICE_CARD : 0,
             disk = options->disks ? MIG_DEVICE_DISK : 0;
  g_autofree char *why_not = NULL;
  gboolean whole = write_initrd (options, card | disk, to, &why_not);

  if (disk && (whole || write_initrd (options, disk, to, &state->disks_why_not)))
    state->disks = make_disk_directory (setup, &state->disks_why_not);
  if (whole && card)
    {
      setup->taps = (guint) options->taps;
      setup->forward_delay_ms = (guint) options->forward_delay;
    }
  else if (card)
    state->lan_why_not = g_steal_pointer (&why_not);
  return whole || state->disks ? g_steal_pointer (&to)
                               : copy_in (setup, options->initrd, "initrd", error);
}

/* log_errors: standard error is the starter's, who may wait for its end, and the lab may outlive
 * him: what is said there from now on, by libraries, is kept with the lab. */
static gboolean
log_errors (const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "keeper.log", NULL);
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  gboolean ok = fd >= 0 && dup2 (fd, STDERR_FILENO) >= 0;

  if (!ok)
    mig_error_set_errno (error, errno, "cannot create '%s'", path);
  if (fd >= 0)
    close (fd);
  return ok;
}

static char *
find_emulator (const MigKeeperOptions *options, GError **error)
{
  if (!options->emulator)
    return mig_tool_find (MIG_TOOL_EMULATOR, error);
  if (g_path_is_absolute (options->emulator) &&
      g_file_test (options->emulator, G_FILE_TEST_IS_EXECUTABLE))
    return g_strdup (options->emulator);
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
               "the emulator '%s' cannot be run: give the full path of a QEMU program",
               options->emulator);
  return NULL;
}

/* share_cpus: threads of all guests alike. A lab without that works; its guests take turns of
 * seconds. */
static void
share_cpus (MigLabState *state)
{
  g_autoptr (GError) error = NULL;

  if (mig_autogroups_disable ("", state->directory, &error))
    {
      state->cpu_sharing = g_strdup ("threads alike");
      return;
    }
  state->cpu_sharing = g_strdup_printf ("sessions alike (autogroups; %s)", error->message);
  mig_report_send (STDOUT_FILENO, MIG_REPORT_WARNING,
                   "the kernel's autogroups make guests share a CPU unfairly, so results scatter "
                   "(%s): as root, set sysctl kernel.sched_autogroup_enabled=0 while measuring",
                   error->message);
}

gboolean
mig_place_make (MigPlace *place, MigSetup *setup, GError **error)
{
  g_autofree char *directory = NULL;

  place->base = mig_lab_directory_base (error);
  if (!place->base)
    return FALSE;
  int lock = mig_lab_directory_lock (place->base, error);
  if (lock < 0)
    return FALSE;
  directory = mig_lab_directory_create (place->base, &place->lock_fd, error);
  if (directory)
    setup->state = mig_lab_state_new (directory);
  mig_lab_directory_unlock (place->base, lock);
  if (!directory || !log_errors (directory, error))
    return FALSE;
  share_cpus (setup->state);
  return TRUE;
}

gboolean
mig_place_fill (MigSetup *setup, const MigKeeperOptions *options, GError **error)
{
  MigLabState *state = setup->state;

  state->link_bytes_per_s = (guint64) options->link_rate;
  state->n_hosts = (guint) options->hosts;
  state->emulator = find_emulator (options, error);
  if (!state->emulator ||
      !mig_lab_cpus_choose (options->cpus, state->cpus, state->n_hosts, error) ||
      !mig_identity_find (setup, error) ||
      !(state->kernel = copy_in (setup, options->kernel, "vmlinuz", error)) ||
      !(state->initrd = copy_initrd (setup, options, error)))
    return FALSE;
  mig_certificates_make (setup);
  return TRUE;
}

void
mig_place_remove (MigPlace *place, MigSetup *setup)
{
  g_autoptr (GError) error = NULL;
  MigLabState *state = setup->state;

  if (state)
    {
      int lock = mig_lab_directory_lock (place->base, NULL);
      mig_autogroups_restore ("", state->directory);
      if (!mig_files_remove_tree (state->directory, &error))
        mig_report_send (STDOUT_FILENO, MIG_REPORT_WARNING, "%s", error->message);
      close (place->lock_fd);
      if (lock >= 0)
        mig_lab_directory_unlock (place->base, lock);
    }
  mig_lab_state_free (state);
  g_free (place->base);
}
