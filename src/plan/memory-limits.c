/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/units.h"
#include "plan/memory-limits.h"

#define OVERCOMMIT_MAX 100

static gboolean
parse_size (const char *text, guint64 *bytes)
{
  gsize length = strlen (text);

  return length > 0 && !g_ascii_isdigit (text[length - 1]) &&
         mig_units_parse_bytes (text, bytes, NULL) && *bytes > 0;
}

/* set_memory: of one host, or of all. */
static gboolean
set_memory (const char *text, MigFleet *fleet, gboolean partial, GError **error)
{
  const char *equals = strrchr (text, '=');
  g_autofree char *name = equals ? g_strndup (text, equals - text) : NULL;
  guint host = name ? mig_fleet_find_host (fleet, name) : MIG_NO_INDEX;
  guint64 bytes;

  if (!parse_size (equals ? equals + 1 : text, &bytes) ||
      (name && host == MIG_NO_INDEX && !partial))
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                   "--memory: expected HOST=SIZE, a host of the fleet and its memory with a unit, "
                   "or SIZE for all hosts, not '%s'",
                   text);
      return FALSE;
    }
  for (guint i = 0; i < fleet->hosts->len; i++)
    if (!name || i == host)
      g_array_index (fleet->hosts, MigFleetHost, i).memory_bytes = (double) bytes;
  return TRUE;
}

static gboolean
set_overcommit (const char *text, MigFleet *fleet, GError **error)
{
  char *end = NULL;
  double ratio = g_ascii_strtod (text, &end);
  gboolean used = strcmp (text, "used") == 0;

  if (!used && (end == text || *end || !(ratio >= 1 && ratio <= OVERCOMMIT_MAX)))
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                   "--overcommit: '%s' is neither a ratio from 1 to %d, such as 1.5, nor 'used'",
                   text, OVERCOMMIT_MAX);
      return FALSE;
    }
  for (guint i = 0; i < fleet->vms->len && used; i++)
    {
      MigFleetVm *vm = &g_array_index (fleet->vms, MigFleetVm, i);
      vm->claim_bytes = fmax (1, vm->used_bytes);
    }
  for (guint i = 0; i < fleet->hosts->len && !used; i++)
    {
      MigFleetHost *host = &g_array_index (fleet->hosts, MigFleetHost, i);
      if (!(host->overcommit > 0))
        host->overcommit = ratio;
    }
  return TRUE;
}

gboolean
mig_memory_limits_apply (const MigMemoryLimits *self, MigFleet *fleet, gboolean partial,
                         GError **error)
{
  /* that of all hosts first, whatever the order, so that a host's own holds */
  for (guint own = 0; own < 2; own++)
    for (guint i = 0; self->memory && self->memory[i]; i++)
      if ((strchr (self->memory[i], '=') != NULL) == (own == 1) &&
          !set_memory (self->memory[i], fleet, partial, error))
        return FALSE;
  return !self->overcommit || set_overcommit (self->overcommit, fleet, error);
}
