/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "hosts/session-options.h"
#include "lab/lab.h"

MigSessionOptions mig_session_options;

static const GOptionEntry session_entries[] = {
  { "source", 0, 0, G_OPTION_ARG_STRING, &mig_session_options.source,
    "libvirt URI of the first host (with --destination; default: the lab)", "URI" },
  { "destination", 0, 0, G_OPTION_ARG_STRING, &mig_session_options.destination,
    "libvirt URI of the second host", "URI" },
  { "host", 0, 0, G_OPTION_ARG_STRING_ARRAY, &mig_session_options.hosts,
    "NAME=URI: libvirt URI of the study's host NAME (repeatable)", "URI" },
  { "migrate-uri", 0, 0, G_OPTION_ARG_STRING_ARRAY, &mig_session_options.migrate_uris,
    "NAME=URI: address for migrations to host NAME (repeatable)", "URI" },
  { "peer-uri", 0, 0, G_OPTION_ARG_STRING_ARRAY, &mig_session_options.peer_uris,
    "NAME=URI: how other hosts reach host NAME (repeatable)", "URI" },
  { "pool", 0, 0, G_OPTION_ARG_STRING, &mig_session_options.pool,
    "pool or directory for what the guests boot and are restored from", "POOL" },
  { "remove-uploads", 0, 0, G_OPTION_ARG_NONE, &mig_session_options.remove_uploads,
    "remove them at the end, rather than keep them for the next run", NULL },
  { "disk-pool", 0, 0, G_OPTION_ARG_STRING, &mig_session_options.disk_pool,
    "make guests' disks in this pool or directory, which all hosts share", "POOL" },
  { "emulator", 0, 0, G_OPTION_ARG_FILENAME, &mig_session_options.emulator,
    "QEMU program for the guests (default: the host's choice)", "FILE" },
  { "loopback", 0, 0, G_OPTION_ARG_NONE, &mig_session_options.loopback,
    "lab without network namespaces: all hosts on loopback", NULL },
  { NULL },
};

GOptionEntry *
mig_session_with_options (const GOptionEntry *entries)
{
  GArray *all = g_array_new (TRUE, FALSE, sizeof (GOptionEntry));

  for (const GOptionEntry *entry = entries; entry->long_name; entry++)
    g_array_append_val (all, *entry);
  for (const GOptionEntry *entry = session_entries; entry->long_name; entry++)
    g_array_append_val (all, *entry);
  return (GOptionEntry *) (gpointer) g_array_free (all, FALSE);
}

static void
set_text (char **place, const char *text)
{
  g_free (*place);
  *place = g_strdup (text);
}

void
mig_session_options_name_hosts (MigSessionOptions *options, const MigStudy *study)
{
  char **uris[] = { &options->source, &options->destination };
  g_autoptr (GStrvBuilder) hosts = g_strv_builder_new ();

  if (!options->source || !options->destination)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (uris); i++)
    {
      const MigStudyHost *host = g_ptr_array_index (study->hosts, i);
      g_autofree char *text = g_strdup_printf ("%s=%s", host->name, *uris[i]);
      g_strv_builder_add (hosts, text);
      g_clear_pointer (uris[i], g_free);
    }
  for (char **named = options->hosts; named && *named; named++)
    g_strv_builder_add (hosts, *named);
  g_strfreev (options->hosts);
  options->hosts = g_strv_builder_end (hosts);
}

/* find_named: the host of NAME=URI, and the URI. */
static MigStudyHost *
find_named (MigStudy *study, const char *option, const char *text, const char **uri, GError **error)
{
  const char *equals = strchr (text, '=');
  g_autofree char *name = equals ? g_strndup (text, equals - text) : NULL;
  MigStudyHost *host = name ? mig_study_find_host (study, name) : NULL;

  if (host && equals[1])
    {
      *uri = equals + 1;
      return host;
    }
  g_autoptr (GString) names = g_string_new (NULL);
  for (guint i = 0; i < study->hosts->len; i++)
    g_string_append_printf (names, "%s%s=URI",
                            i == 0                      ? ""
                            : i + 1 < study->hosts->len ? ", "
                                                        : " or ",
                            ((MigStudyHost *) g_ptr_array_index (study->hosts, i))->name);
  g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "--%s=%s: expected %s, the hosts of study '%s'",
               option, text, names->str, study->name);
  return NULL;
}

/* apply_named: each NAME=URI. */
static gboolean
apply_named (MigStudy *study, const MigSessionOptions *options, GError **error)
{
  const struct {
    const char *option;
    char *const *texts;
    gsize offset; /* in MigStudyHost */
  } named[] = {
    { "host", options->hosts, G_STRUCT_OFFSET (MigStudyHost, uri) },
    { "migrate-uri", options->migrate_uris, G_STRUCT_OFFSET (MigStudyHost, migrate_uri) },
    { "peer-uri", options->peer_uris, G_STRUCT_OFFSET (MigStudyHost, peer_uri) },
  };

  for (guint k = 0; k < G_N_ELEMENTS (named); k++)
    for (char *const *text = named[k].texts; text && *text; text++)
      {
        const char *uri;
        MigStudyHost *host = find_named (study, named[k].option, *text, &uri, error);
        if (!host)
          return FALSE;
        set_text (G_STRUCT_MEMBER_P (host, named[k].offset), uri);
      }
  return TRUE;
}

gboolean
mig_session_options_apply (const MigSessionOptions *options, MigStudy *study, GError **error)
{
  const char *uris[] = { options->source, options->destination };
  guint named = 0;

  if (!options->source != !options->destination)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                   "--source and --destination need each other: all hosts are the lab's, or none");
      return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (uris); i++)
    if (uris[i])
      set_text (&((MigStudyHost *) g_ptr_array_index (study->hosts, i))->uri, uris[i]);
  if (!apply_named (study, options, error))
    return FALSE;
  for (guint i = 0; i < study->hosts->len; i++)
    {
      MigStudyHost *host = g_ptr_array_index (study->hosts, i);
      named += host->uri != NULL;
      if (options->disk_pool)
        set_text (&host->disk_pool, options->disk_pool);
    }
  if (named == study->hosts->len || (named == 0 && study->hosts->len <= MIG_LAB_MAX_HOSTS))
    return TRUE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
               "%s: %u of %u hosts have a uri; expected all, or none (2 to %d hosts in the lab); "
               "give the others with --host=NAME=URI",
               study->path, named, study->hosts->len, MIG_LAB_MAX_HOSTS);
  return FALSE;
}
