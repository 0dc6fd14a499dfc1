/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "virt/internal.h"
#include "virt/migrate.h"

/* What libvirt calls each technique; the method is its name for a way to compress. */
static const struct {
  unsigned int flags;
  const char *method;
} techniques[MIG_N_TECHNIQUES] = {
  [MIG_TECHNIQUE_POST_COPY] = { VIR_MIGRATE_POSTCOPY, NULL },
  [MIG_TECHNIQUE_AUTO_CONVERGE] = { VIR_MIGRATE_AUTO_CONVERGE, NULL },
  [MIG_TECHNIQUE_MULTIFD] = { VIR_MIGRATE_PARALLEL, NULL },
  [MIG_TECHNIQUE_MULTIFD_ZLIB] = { VIR_MIGRATE_PARALLEL | VIR_MIGRATE_COMPRESSED, "zlib" },
  [MIG_TECHNIQUE_MULTIFD_ZSTD] = { VIR_MIGRATE_PARALLEL | VIR_MIGRATE_COMPRESSED, "zstd" },
  [MIG_TECHNIQUE_MULTIFD_ZERO_COPY] = { VIR_MIGRATE_PARALLEL | MIG_FLAG_ZERO_COPY, NULL },
  [MIG_TECHNIQUE_COMPRESS] = { VIR_MIGRATE_COMPRESSED, "mt" },
  [MIG_TECHNIQUE_XBZRLE] = { VIR_MIGRATE_COMPRESSED, "xbzrle" },
};

unsigned int
mig_technique_flags (MigTechnique technique)
{
  return techniques[technique].flags;
}

gboolean
mig_technique_add (MigParams *params, int *allocated, const MigMigrateOptions *options)
{
  unsigned int flags = mig_technique_flags (options->technique);
  const char *method = techniques[options->technique].method;
  gboolean converge = flags & VIR_MIGRATE_AUTO_CONVERGE;
  const struct {
    const char *name;
    guint64 value; /* 0: the hypervisor's default */
  } numbers[] = {
    { VIR_MIGRATE_PARAM_PARALLEL_CONNECTIONS,
      flags & VIR_MIGRATE_PARALLEL ? options->connections : 0 },
    { VIR_MIGRATE_PARAM_AUTO_CONVERGE_INITIAL, converge ? options->throttle_initial : 0 },
    { VIR_MIGRATE_PARAM_AUTO_CONVERGE_INCREMENT, converge ? options->throttle_increment : 0 },
  };

  if (method && virTypedParamsAddString (&params->values, &params->n, allocated,
                                         VIR_MIGRATE_PARAM_COMPRESSION, method) < 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (numbers[i].value && virTypedParamsAddInt (&params->values, &params->n, allocated,
                                                  numbers[i].name, (int) numbers[i].value) < 0)
      return FALSE;
  return options->technique != MIG_TECHNIQUE_XBZRLE || !options->cache_bytes ||
         virTypedParamsAddULLong (&params->values, &params->n, allocated,
                                  VIR_MIGRATE_PARAM_COMPRESSION_XBZRLE_CACHE,
                                  options->cache_bytes) >= 0;
}

gboolean
mig_guest_start_post_copy (MigGuest *guest, GError **error)
{
  if (virDomainMigrateStartPostCopy (guest->domain, 0) == 0)
    return TRUE;
  mig_virt_error (error, "cannot switch the migration of guest '%s' on host '%s' to post-copy",
                  guest->name, guest->host->name);
  return FALSE;
}
