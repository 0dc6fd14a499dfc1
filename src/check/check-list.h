/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "check/check.h"

/* Shared by the files of the check only. */

/* mig_check_surroundings: what is on each host (storage, files of the guests, what an earlier run
 * left), whether guests can move between those that the study moves them between, and what
 * disturbs. */
void mig_check_surroundings (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study);

/* mig_check_existing: guests that are there already: where they run, what could stand in their way.
 * known: guest's name -> UUID, of those that must be the ones they were; NULL: none. */
void mig_check_existing (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study,
                         GHashTable *known);

/* mig_check_trust: whether the host's hypervisor migrates emulated guests soundly. */
void mig_check_trust (GPtrArray *checks, const MigRunHost *host);

/* mig_check_memory: whether a host has room for so much more memory of guests. */
void mig_check_memory (GPtrArray *checks, const MigRunHost *host, guint64 needed);

/* mig_check_machine: what disturbs measurements on this machine, by the files of /proc and /sys
 * below root (""). hosts_here: guests run on it; else only its clock counts. cpu: the one they
 * share, -1: any. */
void mig_check_machine (GPtrArray *checks, const char *root, gboolean hosts_here, int cpu);
