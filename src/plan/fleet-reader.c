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
    mig_fleet_draft_assume (self->draft, "%u VMs do not run: they are left out", self->stopped);
  if (self->homeless > 0)
    mig_fleet_draft_assume (self->draft, "the host of %u VMs is not in the file: they are left out",
                            self->homeless);
  if (self->containers > 0)
    mig_fleet_draft_assume (self->draft, "%u containers cannot be migrated live: they stay",
                            self->containers);
  if (self->templates > 0)
    mig_fleet_draft_assume (self->draft, "%u templates are left out", self->templates);
}

gboolean
mig_fleet_reader_need_memory (MigFleetReader *self, const MigFleetRecord *vm, const char *where)
{
  if (vm->memory)
    return TRUE;
  return mig_sheet_error (self->error, self->label, vm->line,
                          "the memory of VM '%s' is not in the file; expected %s", vm->vm, where);
}
