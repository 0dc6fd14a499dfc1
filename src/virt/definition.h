/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "virt/guest.h"

/* What a host keeps of a guest that is shut off. */
typedef struct {
  gboolean persistent; /* it has a definition */
  gboolean autostart;  /* the host starts it by itself */
} MigDefinition;

/* mig_guest_definition: both FALSE where the host does not tell. */
void mig_guest_definition (MigGuest *guest, MigDefinition *definition);

/* mig_host_definition: of the guest with that UUID, running or not. */
void mig_host_definition (MigHost *host, const char *uuid, MigDefinition *definition);

/* mig_guest_carry_autostart: a guest that the source started by itself and that has arrived with
 * its definition is started by the destination instead. First what the source may still have of it
 * starts by itself no longer: at no moment do both. Errors: what of this could not be done. */
gboolean mig_guest_carry_autostart (MigHost *source, MigGuest *arrived, GError **error);

/* mig_host_carry_autostart: the same of the guest with that UUID, which arrived while nobody
 * looked: nothing is done where the destination has no definition of it, or starts it already. */
gboolean mig_host_carry_autostart (MigHost *source, MigHost *destination, const char *uuid,
                                   GError **error);

/* mig_definition_left: what is wrong with the definition of the guest with that UUID, which has
 * gone from one host to the other: *what, to be read behind its name ("is still defined on a, which
 * it left"), and *command, a line for a shell that puts it right. autostart: the host that it left
 * started it by itself, and the other was to. FALSE: nothing. The caller frees both. */
gboolean mig_definition_left (MigHost *left, MigHost *on, const char *uuid, gboolean autostart,
                              char **what, char **command);
