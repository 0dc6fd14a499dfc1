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

/* A host that a guest has left. */
typedef struct {
  MigHost *host;
  gboolean autostart; /* it started the guest by itself, and the next one was to */
} MigLeftHost;

/* What is wrong there. */
typedef struct {
  char *what;    /* to be read behind the guest's name: "is still defined on a, which it left" */
  char *command; /* a line for a shell that puts it right */
} MigLeftDefinition;

/* mig_definitions_left: what is wrong with the definition of the guest with that UUID on the hosts
 * that it has left (of MigLeftHost, in that order; one may be there twice, or be the one that it is
 * on now). A lost autostart is told once. The caller unrefs the array (of MigLeftDefinition). */
GPtrArray *mig_definitions_left (const GArray *left, MigHost *on, const char *uuid);
