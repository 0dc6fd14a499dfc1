/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/fleet.h"
#include "base/error.h"
#include "base/text.h"

/* A use that was measured may be so much above what there is. */
#define MEASURED 1.1
#define LINK_BYTES_PER_S 125e6
/* characters of a name that a message shows; they may be anything */
#define NAME_SHOWN 40

/* What one row is read with. */
typedef struct {
  const char *label;
  const MigFleetRecord *record;
  MigFleet *fleet;
  GHashTable *groups; /* name -> index + 1 */
  GError **error;
} Row;

G_GNUC_PRINTF (2, 3)
static gboolean
fail (Row *row, const char *format, ...)
{
  va_list args;
  const MigFleetRecord *r = row->record;

  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_autofree char *place = r->line > 0 ? g_strdup_printf (":%u", r->line) : g_strdup ("");
  g_autofree char *name = mig_text_printable (r->vm      ? r->vm
                                              : r->host  ? r->host
                                              : r->group ? r->group
                                                         : "",
                                              NAME_SHOWN);
  g_clear_error (row->error);
  g_set_error (row->error, MIG_ERROR, MIG_ERROR_INVALID, "%s%s: %s '%s': %s", row->label, place,
               r->vm     ? "VM"
               : r->host ? "host"
                         : "group",
               name, text);
  return FALSE;
}

/* read_bytes: an amount, or what holds where the cell is empty. */
static gboolean
read_bytes (Row *row, const char *column, const char *text, double otherwise, double *value)
{
  guint64 bytes;
  g_autoptr (GError) cause = NULL;

  *value = otherwise;
  if (!text)
    return TRUE;
  if (!mig_units_parse_bytes (text, &bytes, &cause))
    return fail (row, "column '%s': %s", column, cause->message);
  *value = (double) bytes;
  return TRUE;
}

static gboolean
read_number (Row *row, const char *column, double number, double min, double otherwise,
             double *value)
{
  *value = isnan (number) ? otherwise : number;
  if (*value < min)
    return fail (row, "column '%s' is %g; expected %g or more", column, *value, min);
  return TRUE;
}

/* group_of: index + 1 of that name; one that nothing describes has no limit. */
static guint
group_of (Row *row, char *name)
{
  const MigFleetGroup group = { name, INFINITY, 0 };

  if (!name)
    return 0;
  guint found = GPOINTER_TO_UINT (g_hash_table_lookup (row->groups, name));
  if (found > 0)
    return found;
  found = mig_fleet_add_group (row->fleet, &group) + 1;
  g_hash_table_insert (row->groups, name, GUINT_TO_POINTER (found));
  return found;
}

static gboolean
read_group (Row *row)
{
  const MigFleetRecord *r = row->record;
  g_autoptr (GError) cause = NULL;
  guint index = group_of (row, r->group) - 1, within = group_of (row, r->within);
  guint64 link;

  if (r->link && (!mig_units_parse_rate (r->link, &link, &cause) || link == 0))
    return fail (row, "column 'link': %s", cause ? cause->message : "0 is not a rate");
  MigFleetGroup *group = &g_array_index (row->fleet->groups, MigFleetGroup, index);
  if (r->link)
    group->link_bytes_per_s = (double) link;
  for (guint up = within, n = 0; up > 0 && n <= row->fleet->groups->len; n++)
    {
      if (up == index + 1)
        return fail (row, "column 'within': it would be part of itself");
      up = mig_fleet_group (row->fleet, up - 1)->within;
    }
  group->within = within;
  return TRUE;
}

/* read_most: a limit of migrations; 0: none. */
static gboolean
read_most (Row *row, const char *column, gint64 value, guint *most)
{
  *most = MIG_IS_MISSING (value) ? 0 : (guint) CLAMP (value, 0, G_MAXINT);
  return MIG_IS_MISSING (value) || value >= 1 ||
         fail (row, "column '%s' is %" G_GINT64_FORMAT "; expected 1 or more", column, value);
}

static gboolean
read_host (Row *row)
{
  const MigFleetRecord *r = row->record;
  MigFleetHost host = { .name = r->host, .link_bytes_per_s = LINK_BYTES_PER_S };
  g_autoptr (GError) cause = NULL;
  guint64 link;

  if (!r->host)
    return fail (row, "a row needs a VM or a host; columns 'vm' and 'host' are both empty");
  if (mig_fleet_find_host (row->fleet, r->host) != MIG_NO_INDEX)
    return fail (row, "duplicate row");
  if (isnan (r->cpus))
    return fail (row, "column 'cpus' is empty; expected how many CPUs its guests share");
  if (r->link && (!mig_units_parse_rate (r->link, &link, &cause) || link == 0))
    return fail (row, "column 'link': %s", cause ? cause->message : "expected a rate above 0");
  if (r->link)
    host.link_bytes_per_s = (double) link;
  if (!MIG_IS_MISSING (r->max_parallel) && r->max_parallel < 1)
    return fail (row, "column 'max_parallel' is %" G_GINT64_FORMAT "; expected 1 or more",
                 r->max_parallel);
  host.max_parallel = MIG_IS_MISSING (r->max_parallel) ? G_MAXUINT
                                                       : (guint) MIN (r->max_parallel, G_MAXINT);
  if (!read_most (row, "max_out", r->max_out, &host.max_out) ||
      !read_most (row, "max_in", r->max_in, &host.max_in))
    return FALSE;
  host.group = group_of (row, r->group);
  if (!read_bytes (row, "memory", r->memory, INFINITY, &host.memory_bytes) ||
      !read_number (row, "cpus", r->cpus, 0.01, NAN, &host.cpus) ||
      !read_number (row, "overcommit", r->overcommit, 1, 1, &host.overcommit))
    return FALSE;
  if (isnan (r->overcommit))
    host.overcommit = 0;
  host.cordoned = r->cordoned != NULL;
  mig_fleet_add_host (row->fleet, &host);
  return TRUE;
}

static gboolean
read_amounts (Row *row, MigFleetVm *vm)
{
  const MigFleetRecord *r = row->record;

  if (!r->memory)
    return fail (row, "column 'memory' is empty; expected an amount such as '4 GiB'");
  if (!read_bytes (row, "memory", r->memory, 0, &vm->memory_bytes) ||
      !read_bytes (row, "used", r->used, vm->memory_bytes, &vm->used_bytes) ||
      !read_bytes (row, "wss", r->wss, vm->used_bytes, &vm->wss_bytes) ||
      !read_bytes (row, "local_disk", r->local_disk, 0, &vm->disk_bytes) ||
      !read_number (row, "cpus", r->cpus, 0.01, 1, &vm->vcpus) ||
      !read_number (row, "cpu", r->cpu, 0, vm->vcpus, &vm->cpu) ||
      !read_number (row, "dirty_pages_per_s", r->dirty_pages_per_s, 0, 0, &vm->dirty_pages_per_s))
    return FALSE;
  if (vm->memory_bytes < MIG_PAGE_BYTES || vm->used_bytes > vm->memory_bytes ||
      vm->wss_bytes > vm->used_bytes)
    return fail (row, "expected memory >= used >= wss, and at least one page of memory");
  if (vm->cpu <= MEASURED * vm->vcpus)
    vm->cpu = fmin (vm->cpu, vm->vcpus);
  if (vm->cpu > vm->vcpus)
    return fail (row, "column 'cpu' is %g, more than its %g vCPUs", vm->cpu, vm->vcpus);
  return TRUE;
}

static gboolean
read_vm (Row *row)
{
  const MigFleetRecord *r = row->record;
  MigFleetVm vm = {
    .name = r->vm, .apart = r->apart, .to = MIG_NO_INDEX, .max_downtime_s = INFINITY
  };
  g_autoptr (GError) cause = NULL;
  gint64 ns;

  vm.id = r->id;
  vm.stays = r->stays != NULL;
  vm.host = mig_fleet_find_host (row->fleet, r->host);
  if (vm.host == MIG_NO_INDEX)
    return fail (row, "no row describes its host '%s'; expected one with an empty 'vm'",
                 r->host ? r->host : "");
  if (mig_fleet_find_vm (row->fleet, r->vm) != MIG_NO_INDEX)
    return fail (row, "duplicate row");
  if (r->to && (vm.to = mig_fleet_find_host (row->fleet, r->to)) == MIG_NO_INDEX)
    return fail (row, "no row describes host '%s' in column 'to'", r->to);
  if (r->max_downtime && !mig_units_parse_duration (r->max_downtime, &ns, &cause))
    return fail (row, "column 'max_downtime': %s", cause->message);
  if (r->max_downtime)
    vm.max_downtime_s = (double) ns / MIG_NS_PER_S;
  if (!read_amounts (row, &vm))
    return FALSE;
  mig_fleet_add_vm (row->fleet, &vm);
  return TRUE;
}

MigFleet *
mig_fleet_from_records (const GPtrArray *records, const char *label, GError **error)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  g_autoptr (GHashTable) groups = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean ok = TRUE;

  /* hosts first: a file may have its rows in any order */
  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < records->len && ok; i++)
      {
        const MigFleetRecord *record = records->pdata[i];
        Row row = { label, record, fleet, groups, error };
        if ((record->vm != NULL) == (pass == 1))
          ok = record->vm                       ? read_vm (&row)
               : record->host || !record->group ? read_host (&row)
                                                : read_group (&row);
      }
  return ok ? g_steal_pointer (&fleet) : NULL;
}
