/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/units.h"
#include "plan/fleet-reader.h"
#include "plan/sheet.h"

char *
mig_fleet_reader_mebibytes (double amount)
{
  return mig_fleet_draft_bytes (amount * MIG_MIB);
}

void
mig_fleet_reader_say_skipped (const MigFleetReader *self)
{
  if (self->stopped > 0)
    mig_fleet_draft_assume (self->draft,
                            self->stopped == 1 ? "%u VM does not run: it is left out"
                                               : "%u VMs do not run: they are left out",
                            self->stopped);
  if (self->homeless > 0)
    mig_fleet_draft_assume (self->draft,
                            self->homeless == 1
                                ? "the host of %u VM is not in the file: it is left out"
                                : "the host of %u VMs is not in the file: they are left out",
                            self->homeless);
  if (self->containers > 0)
    mig_fleet_draft_assume (self->draft,
                            self->containers == 1
                                ? "%u container cannot be migrated live: it stays"
                                : "%u containers cannot be migrated live: they stay",
                            self->containers);
  if (self->templates > 0)
    mig_fleet_draft_assume (
        self->draft, self->templates == 1 ? "%u template is left out" : "%u templates are left out",
        self->templates);
}

gboolean
mig_fleet_reader_need_name (MigFleetReader *self, const char *name, guint line, const char *what,
                            const char *where)
{
  return name || mig_sheet_error (self->error, self->label, line, "a %s has no name; expected %s",
                                  what, where);
}

gboolean
mig_fleet_reader_need_memory (MigFleetReader *self, const MigFleetRecord *vm, const char *where)
{
  if (vm->memory)
    return TRUE;
  return mig_sheet_error (self->error, self->label, vm->line,
                          "the memory of VM '%s' is not in the file; expected %s", vm->vm, where);
}
