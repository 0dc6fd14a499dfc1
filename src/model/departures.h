/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/simulation-state.h"

/* Which migration starts when: by groups, by what it waits for, or as somebody chooses; and never
 * more at a time than a host has slots for. */

/* mig_departures_first: what may start at once. */
void mig_departures_first (MigSimulation *self);

/* mig_departures_start: now, or as soon as the host that has no slot for it has one. */
void mig_departures_start (MigSimulation *self, guint migration);

/* mig_departures_ended: what its end allows. */
void mig_departures_ended (MigSimulation *self, guint migration);
