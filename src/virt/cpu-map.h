/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Shared by the files of this room only. */

/* libvirt's CPU maps as text: one character '0' or '1' per number of a CPU, which an undo journal
 * can hold. Numbers may have holes: online is such a text of the CPUs that the host has online. */

/* mig_cpu_map_to_text: '1' for all where the map has all that are online, as of what is not pinned.
 * map: for strlen (online) CPUs. The caller frees it. */
char *mig_cpu_map_to_text (const unsigned char *map, const char *online);

/* mig_cpu_maps_to_text: of n of them, one behind the other, with ',' between the texts. The caller
 * frees it. */
char *mig_cpu_maps_to_text (const unsigned char *maps, int n, const char *online);

/* mig_cpu_map_from_text: sets bits of a map of zeros, for strlen (online) CPUs: those of the text
 * that are online; all that are, where the text has none of them or every one of its own. */
void mig_cpu_map_from_text (unsigned char *map, const char *text, const char *online);
