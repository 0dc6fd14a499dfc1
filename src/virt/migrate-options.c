/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/units.h"
#include "virt/internal.h"
#include "virt/migrate.h"

/* What a migration is asked for, in libvirt's terms: flags and parameters. */

void
mig_migrate_options_init (MigMigrateOptions *options, const MigStudy *study)
{
  *options = (MigMigrateOptions){ .bandwidth_bytes_per_s = study->bandwidth_bytes_per_s,
                                  .technique = study->technique,
                                  .connections = study->connections,
                                  .cache_bytes = study->cache_bytes,
                                  .throttle_initial = study->throttle_initial,
                                  .throttle_increment = study->throttle_increment,
                                  .flags = study->flags };
}

gboolean
mig_migrate_add_parameters (MigParams *params, const MigMigrateOptions *options)
{
  const struct {
    const char *name, *value;
  } texts[] = {
    { VIR_MIGRATE_PARAM_URI, options->migrate_uri },
    { VIR_MIGRATE_PARAM_LISTEN_ADDRESS, options->listen_address },
    { VIR_MIGRATE_PARAM_DEST_XML, options->destination_xml },
  };
  int allocated = 0;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i].value && virTypedParamsAddString (&params->values, &params->n, &allocated,
                                                   texts[i].name, texts[i].value) < 0)
      return FALSE;
  if (!mig_technique_add (params, &allocated, options))
    return FALSE;
  return !options->bandwidth_bytes_per_s ||
         virTypedParamsAddULLong (
             &params->values, &params->n, &allocated, VIR_MIGRATE_PARAM_BANDWIDTH,
             MAX (1, (options->bandwidth_bytes_per_s + MIG_MIB / 2) / MIG_MIB)) >= 0;
}

unsigned int
mig_migrate_flags (const MigMigrateOptions *options)
{
  static const unsigned int storages[] = { [MIG_STORAGE_STAYS] = 0,
                                           [MIG_STORAGE_ALL] = VIR_MIGRATE_NON_SHARED_DISK,
                                           [MIG_STORAGE_CHANGES] = VIR_MIGRATE_NON_SHARED_INC };
  const MigMigrationFlags *asked = &options->flags;

  return VIR_MIGRATE_LIVE | mig_technique_flags (options->technique) |
         (options->persist ? VIR_MIGRATE_PERSIST_DEST | VIR_MIGRATE_UNDEFINE_SOURCE : 0) |
         (options->peer_uri ? VIR_MIGRATE_PEER2PEER : 0) | storages[asked->storage] |
         (asked->tls ? VIR_MIGRATE_TLS : 0) | (asked->unsafe ? VIR_MIGRATE_UNSAFE : 0) |
         (asked->at_timeout == MIG_TIMEOUT_POST_COPY ? VIR_MIGRATE_POSTCOPY : 0);
}

char *
mig_migrate_flags_text (const MigMigrateOptions *options)
{
  static const struct {
    unsigned int flag;
    const char *name;
  } names[] = {
    { VIR_MIGRATE_LIVE, "LIVE" },
    { VIR_MIGRATE_PEER2PEER, "PEER2PEER" },
    { VIR_MIGRATE_PERSIST_DEST, "PERSIST_DEST" },
    { VIR_MIGRATE_UNDEFINE_SOURCE, "UNDEFINE_SOURCE" },
    { VIR_MIGRATE_AUTO_CONVERGE, "AUTO_CONVERGE" },
    { VIR_MIGRATE_POSTCOPY, "POSTCOPY" },
    { VIR_MIGRATE_PARALLEL, "PARALLEL" },
    { MIG_FLAG_ZERO_COPY, "ZEROCOPY" },
    { VIR_MIGRATE_COMPRESSED, "COMPRESSED" },
    { VIR_MIGRATE_NON_SHARED_DISK, "NON_SHARED_DISK" },
    { VIR_MIGRATE_NON_SHARED_INC, "NON_SHARED_INC" },
    { VIR_MIGRATE_TLS, "TLS" },
    { VIR_MIGRATE_UNSAFE, "UNSAFE" },
  };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (mig_migrate_flags (options) & names[i].flag)
      g_string_append_printf (text, "%sVIR_MIGRATE_%s", text->len ? " | " : "", names[i].name);
  return g_string_free (text, FALSE);
}

static void
append_parameter (GString *text, const virTypedParameter *one)
{
  gboolean rate = strcmp (one->field, VIR_MIGRATE_PARAM_BANDWIDTH) == 0;

  g_string_append_printf (text, "%s%s=", text->len ? ", " : "", one->field);
  switch (one->type)
    {
    case VIR_TYPED_PARAM_STRING:
      g_string_append (text, one->value.s);
      break;
    case VIR_TYPED_PARAM_INT:
      g_string_append_printf (text, "%d", one->value.i);
      break;
    case VIR_TYPED_PARAM_ULLONG:
      g_string_append_printf (text, "%llu%s", one->value.ul, rate ? " MiB/s" : "");
      break;
    default:
      g_assert_not_reached ();
    }
}

char *
mig_migrate_parameters_text (const MigMigrateOptions *options)
{
  g_auto (MigParams) params = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);

  if (!mig_migrate_add_parameters (&params, options))
    return NULL;
  for (int i = 0; i < params.n; i++)
    append_parameter (text, &params.values[i]);
  return text->len ? g_strdup (text->str) : NULL;
}
