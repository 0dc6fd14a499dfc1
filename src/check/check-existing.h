/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "check/check-list.h"
#include "hosts/run-host.h"

/* mig_check_existing: guests that are there already: where they run, what could stand in their way.
 * known: guest's name -> UUID, of those that must be the ones they were; NULL: none. existing takes
 * name -> MigRouteGuest of those that were found; the names are the study's, the values it has to
 * free. */
void mig_check_existing (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study,
                         GHashTable *known, GHashTable *existing);
