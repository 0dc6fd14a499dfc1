/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "plan/fleet-draft.h"

#define NAMED 3 /* VMs or hosts that a note names */

static void
free_row (gpointer record)
{
  mig_record_free (MIG_TABLE_FLEET, record);
}

MigFleetDraft *
mig_fleet_draft_new (void)
{
  MigFleetDraft *self = g_new0 (MigFleetDraft, 1);

  self->rows = g_ptr_array_new_with_free_func (free_row);
  self->assumed = g_ptr_array_new_with_free_func (g_free);
  self->recognised = g_string_new (NULL);
  self->absent = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
mig_fleet_draft_free (MigFleetDraft *self)
{
  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->assumed);
  g_string_free (self->recognised, TRUE);
  g_hash_table_unref (self->absent);
  g_free (self);
}

MigFleetRecord *
mig_fleet_draft_add (MigFleetDraft *self, guint line)
{
  MigFleetRecord *row = g_new0 (MigFleetRecord, 1);

  mig_record_init (MIG_TABLE_FLEET, row);
  row->line = line;
  g_ptr_array_add (self->rows, row);
  return row;
}

MigFleetRecord *
mig_fleet_draft_host (MigFleetDraft *self, const char *name, guint line)
{
  MigFleetRecord *row = mig_fleet_draft_add (self, line);

  row->host = g_strdup (name);
  return row;
}

MigFleetRecord *
mig_fleet_draft_vm (MigFleetDraft *self, const char *name, const char *host, guint line)
{
  MigFleetRecord *row = mig_fleet_draft_host (self, host, line);

  row->vm = g_strdup (name);
  return row;
}

void
mig_fleet_draft_assume (MigFleetDraft *self, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (self->assumed, g_strdup_vprintf (format, args));
  va_end (args);
}

void
mig_fleet_draft_leave_out (MigFleetDraft *self, const char *host, const char *state)
{
  mig_fleet_draft_assume (self, "host '%s' is %s: it and its VMs are left out", host, state);
  g_hash_table_add (self->absent, g_strdup (host));
}

void
mig_fleet_draft_cordon (MigFleetDraft *self, MigFleetRecord *host, const char *state)
{
  mig_fleet_draft_assume (self, "host '%s' is %s: no VM goes there, unless --to names it",
                          host->host, state);
  host->cordoned = g_strdup (state);
}

char *
mig_fleet_draft_bytes (double bytes)
{
  return isfinite (bytes) && bytes >= 0 ? g_strdup_printf ("%.0f B", bytes) : NULL;
}

/* remove_absent: VMs of hosts that are left out. */
static void
remove_absent (MigFleetDraft *self)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (free_row);

  for (guint i = 0; i < self->rows->len; i++)
    {
      MigFleetRecord *row = self->rows->pdata[i];
      if (row->host && g_hash_table_contains (self->absent, row->host))
        free_row (row);
      else
        g_ptr_array_add (rows, row);
    }
  g_ptr_array_set_free_func (self->rows, NULL);
  g_ptr_array_unref (self->rows);
  self->rows = rows;
}

/* add_hosts: those that VMs name and nothing describes. */
static void
add_hosts (MigFleetDraft *self)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) made = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GString) names = g_string_new (NULL);
  guint n = self->rows->len;

  for (guint i = 0; i < n; i++)
    {
      const MigFleetRecord *row = self->rows->pdata[i];
      if (!row->vm && row->host) /* a host without a name is an error of the fleet's */
        g_hash_table_add (known, row->host);
    }
  for (guint i = 0; i < n; i++)
    {
      const MigFleetRecord *vm = self->rows->pdata[i];
      if (!vm->vm || !vm->host || g_hash_table_contains (known, vm->host))
        continue;
      MigFleetRecord *host = g_hash_table_lookup (made, vm->host);
      if (!host)
        {
          host = mig_fleet_draft_host (self, vm->host, vm->line);
          host->cpus = 0;
          g_hash_table_insert (made, host->host, host);
          if (g_hash_table_size (made) <= NAMED)
            g_string_append_printf (names, "%s'%s'", names->len ? ", " : "", host->host);
        }
      host->cpus += isnan (vm->cpus) ? 1 : vm->cpus;
    }
  if (names->len > 0)
    mig_fleet_draft_assume (self,
                            "%u hosts are named but not described (%s%s): memory for any VM and a "
                            "CPU for each vCPU are assumed",
                            g_hash_table_size (made), names->str,
                            g_hash_table_size (made) > NAMED ? ", ..." : "");
}

/* make_unique: a name that two VMs have gets its id, or its place, behind it. */
static void
make_unique (MigFleetDraft *self)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  guint same = 0;

  for (guint i = 0; i < self->rows->len; i++)
    {
      MigFleetRecord *vm = self->rows->pdata[i];
      if (!vm->vm)
        continue;
      if (g_hash_table_contains (known, vm->vm))
        {
          if (!vm->id)
            vm->id = g_strdup (vm->vm);
          char *name = g_strdup_printf ("%s (%s %u)", vm->vm, vm->id, i + 1);
          g_free (vm->vm);
          vm->vm = name;
          same++;
        }
      g_hash_table_add (known, vm->vm);
    }
  if (same > 0)
    mig_fleet_draft_assume (self, "%u VMs have a name that another has: their ids stand behind it",
                            same);
}

void
mig_fleet_draft_complete (MigFleetDraft *self)
{
  gboolean link = FALSE, updates = FALSE, used = FALSE;

  remove_absent (self);
  make_unique (self);
  add_hosts (self);
  for (guint i = 0; i < self->rows->len; i++)
    {
      const MigFleetRecord *row = self->rows->pdata[i];
      link = link || row->link;
      updates = updates || !isnan (row->dirty_pages_per_s);
      used = used || row->used;
    }
  if (!link)
    mig_fleet_draft_assume (self, "the rate of the links is not in the file: 1 Gbit/s is assumed");
  if (!updates)
    mig_fleet_draft_assume (self,
                            "how fast the VMs update memory is not in the file: not at all is "
                            "assumed, so times and downtimes are the least there can be");
  if (!used)
    mig_fleet_draft_assume (self, "how much of their memory the VMs use is not in the file: all of "
                                  "it is assumed");
}
