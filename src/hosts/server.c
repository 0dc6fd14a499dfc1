/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "hosts/server.h"
#include "lab/script.h"

#define BUILDER "servers/server-image"
#define GENERATOR "hey"
#define MAX_IMAGE_BYTES (128 * 1024 * 1024)

static void
server_free (gpointer data)
{
  MigServer *server = data;

  g_free (server->name);
  g_free (server->title);
  g_free (server->path);
  g_free (server->initrd);
  g_free (server->generator);
  g_free (server);
}

/* ---- what ships ---- */

/* read_server: NULL: it is not as it has to be. */
static MigServer *
read_server (const char *name, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *data = g_strdup_printf ("servers/%s/server.conf", name);
  g_autofree char *path = mig_files_find_data (data);

  if (!path || !g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, error))
    return NULL;
  MigServer *server = g_new0 (MigServer, 1);
  server->name = g_strdup (name);
  server->title = g_key_file_get_string (file, "Server", "Title", NULL);
  server->port = (guint) g_key_file_get_integer (file, "Server", "Port", NULL);
  server->path = g_key_file_get_string (file, "Server", "Path", NULL);
  server->clients = (guint) g_key_file_get_integer (file, "Clients", "Count", NULL);
  server->rate = (guint) g_key_file_get_integer (file, "Clients", "Rate", NULL);
  if (server->title && server->path && server->port && server->clients && server->rate)
    return server;
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
               "'%s' lacks something; expected Title, Port and Path of [Server], Count and Rate of "
               "[Clients]",
               path);
  server_free (server);
  return NULL;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 ((*(MigServer *const *) a)->name, (*(MigServer *const *) b)->name);
}

GPtrArray *
mig_server_list (void)
{
  GPtrArray *servers = g_ptr_array_new_with_free_func (server_free);
  g_autofree char *folder = mig_files_find_data ("servers");
  g_autoptr (GDir) dir = folder ? g_dir_open (folder, 0, NULL) : NULL;
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      MigServer *server = read_server (name, NULL);
      if (server)
        g_ptr_array_add (servers, server);
    }
  g_ptr_array_sort (servers, compare_names);
  return servers;
}

const MigServer *
mig_server_find (const GPtrArray *servers, const char *name)
{
  for (guint i = 0; servers && name && i < servers->len; i++)
    if (g_str_equal (((const MigServer *) servers->pdata[i])->name, name))
      return servers->pdata[i];
  return NULL;
}

char *
mig_server_spec (const MigServer *server, const char *address)
{
  return g_strdup_printf ("http:%s:%u%s", address, server->port, server->path);
}

/* ---- images ---- */

/* build: where the image is, from the cache or new; the caller frees it. */
static char *
build (const char *name, GError **error)
{
  g_autofree char *data = g_strdup_printf ("servers/%s", name);
  g_autofree char *directory = mig_files_find_data (data);
  g_autofree char *what = g_strdup_printf ("cannot make the image of server '%s'", name);
  const char *const arguments[] = { directory, NULL };

  if (!directory)
    {
      mig_script_set_missing (error, data);
      return NULL;
    }
  char *path = mig_script_run (BUILDER, arguments, what, error);
  return path ? g_strchomp (path) : NULL;
}

/* join: the lab's initramfs and the image behind it, where the daemons can read it. */
static char *
join (const MigLab *lab, const char *name, const char *image, GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s/initrd-%s", mig_lab_directory (lab), name);
  gsize first_size = 0, second_size = 0;
  g_autofree char *first = mig_files_load (mig_lab_initrd (lab), "the initramfs", MAX_IMAGE_BYTES,
                                           &first_size, error);
  g_autofree char *second = first ? mig_files_load (image, "the server's image", MAX_IMAGE_BYTES,
                                                    &second_size, error)
                                  : NULL;
  if (!second)
    return NULL;
  g_autoptr (GByteArray) both = g_byte_array_new ();
  g_byte_array_append (both, (const guint8 *) first, first_size);
  g_byte_array_append (both, (const guint8 *) second, second_size);
  if (!mig_files_write (path, (const char *) both->data, both->len, error))
    return NULL;
  if (g_chmod (path, 0644) == 0)
    return g_steal_pointer (&path);
  mig_error_set_errno (error, errno, "cannot let guests read '%s'", path);
  return NULL;
}

static MigServer *
prepare (const char *name, const MigLab *lab, GError **error)
{
  MigServer *server = read_server (name, error);
  g_autofree char *image = server ? build (name, error) : NULL;

  if (image && (server->initrd = join (lab, name, image, error)))
    {
      server->generator = g_find_program_in_path (GENERATOR);
      return server;
    }
  g_clear_pointer (&server, server_free);
  return NULL;
}

GPtrArray *
mig_servers_prepare (const MigStudy *study, const MigLab *lab, GError **error)
{
  g_autoptr (GPtrArray) servers = g_ptr_array_new_with_free_func (server_free);

  for (guint i = 0; i < study->guests->len; i++)
    {
      const MigStudyGuest *guest = study->guests->pdata[i];
      if (!guest->server || mig_server_find (servers, guest->server))
        continue;
      if (!lab)
        {
          g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                       "guest '%s' has a server, whose clients the lab alone has; run the study "
                       "there, or remove server= from that <guest>",
                       guest->name);
          return NULL;
        }
      if (!mig_lab_prober (lab))
        continue; /* which is said elsewhere */
      MigServer *server = prepare (guest->server, lab, error);
      if (!server)
        return NULL;
      g_ptr_array_add (servers, server);
      if (!server->generator)
        mig_warning ("requests to the servers of guests are not measured: install '" GENERATOR
                     "', which plays their clients (Debian, Ubuntu: " GENERATOR ")");
    }
  return g_steal_pointer (&servers);
}
