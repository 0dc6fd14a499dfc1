/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib.h>
#include <stdlib.h>
#include <time.h>

/* mkinitramfs OUTPUT INIT: writes an initramfs (newc cpio, gzip): /dev/console, which
 * the kernel opens for PID 1, /proc, an empty directory to mount on, and /init. The same input
 * gives the same bytes. */

#define CONSOLE_MAJOR 5
#define CONSOLE_MINOR 1

typedef struct {
  const char *path;
  mode_t type;
  mode_t permissions;
  const char *data; /* of a regular file */
  gsize size;
} Entry;

static G_NORETURN void
die (const char *action, const char *object, const char *cause)
{
  g_printerr ("mkinitramfs: %s '%s': %s\n", action, object, cause);
  exit (1);
}

/* SOURCE_DATE_EPOCH, or 0. */
static time_t
modification_time (void)
{
  const char *text = g_getenv ("SOURCE_DATE_EPOCH");
  guint64 seconds = 0;
  g_autoptr (GError) error = NULL;

  if (text && !g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT32, &seconds, &error))
    die ("cannot use SOURCE_DATE_EPOCH", text, error->message);
  return (time_t) seconds;
}

static void
add_entry (struct archive *archive, const Entry *entry, int inode, time_t time)
{
  struct archive_entry *header = archive_entry_new ();

  archive_entry_set_pathname (header, entry->path);
  archive_entry_set_filetype (header, entry->type);
  archive_entry_set_perm (header, entry->permissions);
  archive_entry_set_ino (header, inode);
  archive_entry_set_nlink (header, entry->type == AE_IFDIR ? 2 : 1);
  archive_entry_set_uid (header, 0);
  archive_entry_set_gid (header, 0);
  archive_entry_set_mtime (header, time, 0);
  archive_entry_set_size (header, (la_int64_t) entry->size);
  if (entry->type == AE_IFCHR)
    {
      archive_entry_set_rdevmajor (header, CONSOLE_MAJOR);
      archive_entry_set_rdevminor (header, CONSOLE_MINOR);
    }
  if (archive_write_header (archive, header) != ARCHIVE_OK ||
      (entry->size > 0 &&
       archive_write_data (archive, entry->data, entry->size) != (la_ssize_t) entry->size))
    die ("cannot write entry", entry->path, archive_error_string (archive));
  archive_entry_free (header);
}

static void
write_archive (const char *output, const Entry *entries, int count)
{
  struct archive *archive = archive_write_new ();
  time_t time = modification_time ();

  if (archive_write_set_format_cpio_newc (archive) != ARCHIVE_OK ||
      archive_write_add_filter_gzip (archive) != ARCHIVE_OK ||
      archive_write_set_filter_option (archive, "gzip", "timestamp", NULL) != ARCHIVE_OK ||
      archive_write_open_filename (archive, output) != ARCHIVE_OK)
    die ("cannot create", output, archive_error_string (archive));
  for (int i = 0; i < count; i++)
    add_entry (archive, &entries[i], i + 1, time);
  if (archive_write_close (archive) != ARCHIVE_OK)
    die ("cannot write", output, archive_error_string (archive));
  archive_write_free (archive);
}

int
main (int argc, char **argv)
{
  g_autofree char *init = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  if (argc != 3)
    {
      g_printerr ("usage: mkinitramfs OUTPUT INIT\n");
      return 2;
    }
  if (!g_file_get_contents (argv[2], &init, &size, &error))
    die ("cannot read", argv[2], error->message);
  const Entry entries[] = {
    { .path = "dev", .type = AE_IFDIR, .permissions = 0755 },
    { .path = "dev/console", .type = AE_IFCHR, .permissions = 0600 },
    { .path = "proc", .type = AE_IFDIR, .permissions = 0555 },
    { .path = "init", .type = AE_IFREG, .permissions = 0755, .data = init, .size = size },
  };
  write_archive (argv[1], entries, G_N_ELEMENTS (entries));
  return 0;
}
