/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "base/files.h"
#include "lab/state.h"

#define GROUP "lab"
#define FILE_NAME "state"

static const char *const mode_names[] = { "namespaces", "loopback" };

/* Keys of the file whose values are texts; an absent one is NULL. */
static const struct {
  const char *key;
  gsize offset;
  gboolean required;
} texts[] = {
  { "mode-why", G_STRUCT_OFFSET (MigLabState, mode_why), FALSE },
  { "kernel", G_STRUCT_OFFSET (MigLabState, kernel), TRUE },
  { "initrd", G_STRUCT_OFFSET (MigLabState, initrd), TRUE },
  { "emulator", G_STRUCT_OFFSET (MigLabState, emulator), TRUE },
  { "kvm-why-not", G_STRUCT_OFFSET (MigLabState, kvm_why_not), FALSE },
  { "cpu-sharing", G_STRUCT_OFFSET (MigLabState, cpu_sharing), FALSE },
  { "prober", G_STRUCT_OFFSET (MigLabState, prober), FALSE },
  { "lan-why-not", G_STRUCT_OFFSET (MigLabState, lan_why_not), FALSE },
  { "disks", G_STRUCT_OFFSET (MigLabState, disks), FALSE },
  { "disks-why-not", G_STRUCT_OFFSET (MigLabState, disks_why_not), FALSE },
  { "tls-why-not", G_STRUCT_OFFSET (MigLabState, tls_why_not), FALSE },
  { "congestion-control", G_STRUCT_OFFSET (MigLabState, congestion_control), FALSE },
};

/* ... those that every host has, with its number behind the key ... */
static const struct {
  const char *key;
  gsize offset; /* of the first host's */
} host_texts[] = {
  { "uri", G_STRUCT_OFFSET (MigLabState, uris) },
  { "migrate-uri", G_STRUCT_OFFSET (MigLabState, migrate_uris) },
  { "peer-uri", G_STRUCT_OFFSET (MigLabState, peer_uris) },
};

/* ... and those whose values are unsigned numbers. */
static const struct {
  const char *key;
  gsize offset;
} numbers[] = {
  { "link-bytes-per-s", G_STRUCT_OFFSET (MigLabState, link_bytes_per_s) },
  { "link-measured-bytes-per-s", G_STRUCT_OFFSET (MigLabState, link_measured_bytes_per_s) },
};

#define TEXT(state, i) G_STRUCT_MEMBER (char *, state, texts[i].offset)
#define HOST_TEXT(state, i, host) (&G_STRUCT_MEMBER (char *, state, host_texts[i].offset))[host]
#define NUMBER(state, i) G_STRUCT_MEMBER (guint64, state, numbers[i].offset)

const char *
mig_lab_mode_name (MigLabMode mode)
{
  return mode_names[mode];
}

MigLabState *
mig_lab_state_new (const char *directory)
{
  MigLabState *state = g_new0 (MigLabState, 1);
  state->directory = g_strdup (directory);
  return state;
}

void
mig_lab_state_free (MigLabState *state)
{
  if (!state)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (TEXT (state, i));
  for (guint host = 0; host < state->n_hosts; host++)
    for (guint i = 0; i < G_N_ELEMENTS (host_texts); i++)
      g_free (HOST_TEXT (state, i, host));
  g_free (state->directory);
  g_free (state);
}

static void
set_host (GKeyFile *file, const MigLabState *state, guint host)
{
  g_autofree char *cpu = g_strdup_printf ("cpu-%u", host);

  for (guint i = 0; i < G_N_ELEMENTS (host_texts); i++)
    {
      g_autofree char *key = g_strdup_printf ("%s-%u", host_texts[i].key, host);
      if (HOST_TEXT (state, i, host))
        g_key_file_set_string (file, GROUP, key, HOST_TEXT (state, i, host));
    }
  g_key_file_set_integer (file, GROUP, cpu, state->cpus[host]);
}

gboolean
mig_lab_state_save (const MigLabState *state, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = g_build_filename (state->directory, FILE_NAME, NULL);
  g_autofree char *data = NULL;
  gsize size;

  g_key_file_set_string (file, GROUP, "mode", mode_names[state->mode]);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (TEXT (state, i))
      g_key_file_set_string (file, GROUP, texts[i].key, TEXT (state, i));
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_key_file_set_uint64 (file, GROUP, numbers[i].key, NUMBER (state, i));
  g_key_file_set_uint64 (file, GROUP, "hosts", state->n_hosts);
  for (guint host = 0; host < state->n_hosts; host++)
    set_host (file, state, host);
  g_key_file_set_boolean (file, GROUP, "kvm", state->kvm);

  data = g_key_file_to_data (file, &size, NULL);
  return mig_files_write (path, data, size, error);
}

static gboolean
load_mode (GKeyFile *file, MigLabMode *mode, GError **error)
{
  g_autofree char *name = g_key_file_get_string (file, GROUP, "mode", error);

  if (!name)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (mode_names); i++)
    if (g_str_equal (name, mode_names[i]))
      {
        *mode = i;
        return TRUE;
      }
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID, "unknown mode '%s'", name);
  return FALSE;
}

static void
load_host (GKeyFile *file, MigLabState *state, guint host, GError **error)
{
  g_autofree char *cpu = g_strdup_printf ("cpu-%u", host);
  GError *local = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (host_texts) && !local; i++)
    {
      g_autofree char *key = g_strdup_printf ("%s-%u", host_texts[i].key, host);
      HOST_TEXT (state, i, host) = g_key_file_get_string (file, GROUP, key, &local);
    }
  if (!local)
    state->cpus[host] = g_key_file_get_integer (file, GROUP, cpu, &local);
  if (local)
    g_propagate_error (error, local);
}

static void
load_hosts (GKeyFile *file, MigLabState *state, GError **error)
{
  GError *local = NULL;
  guint64 hosts = g_key_file_get_uint64 (file, GROUP, "hosts", &local);

  if (!local && (hosts < 2 || hosts > MIG_LAB_MAX_HOSTS))
    g_set_error (&local, MIG_ERROR, MIG_ERROR_INVALID, "%" G_GUINT64_FORMAT " hosts", hosts);
  state->n_hosts = local ? 0 : (guint) hosts;
  for (guint host = 0; host < state->n_hosts && !local; host++)
    load_host (file, state, host, &local);
  if (local)
    g_propagate_error (error, local);
}

static gboolean
load_fields (GKeyFile *file, MigLabState *state, GError **error)
{
  GError *local = NULL;

  if (!load_mode (file, &state->mode, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      TEXT (state, i) = g_key_file_get_string (file, GROUP, texts[i].key,
                                               texts[i].required ? &local : NULL);
      if (local)
        break;
    }
  for (guint i = 0; !local && i < G_N_ELEMENTS (numbers); i++)
    NUMBER (state, i) = g_key_file_get_uint64 (file, GROUP, numbers[i].key, &local);
  if (!local)
    load_hosts (file, state, &local);
  if (!local)
    state->kvm = g_key_file_get_boolean (file, GROUP, "kvm", &local);
  if (local)
    g_propagate_error (error, local);
  return local == NULL;
}

MigLabState *
mig_lab_state_load (const char *directory, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = g_build_filename (directory, FILE_NAME, NULL);
  g_autoptr (MigLabState) state = mig_lab_state_new (directory);

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, error) ||
      !load_fields (file, state, error))
    {
      g_prefix_error (error, "cannot read the lab's state '%s': ", path);
      return NULL;
    }
  return g_steal_pointer (&state);
}
