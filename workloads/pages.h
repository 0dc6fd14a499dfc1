/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "workloads/laps.h"

/* The working set: pages that know what they must hold. Each is 512 words of 64 bits: its own
 * index, its generation (how often it was written; 1 after the first fill), then a pattern drawn
 * from index and place. A lap updates every page exactly once, so that the generation a page must
 * have follows from the lap: no table beside the pages. */
#define MIG_PAGE_BYTES 4096
#define MIG_PAGE_WORDS 512
#define MIG_PAGE_INDEX 0      /* word: the page's index */
#define MIG_PAGE_GENERATION 1 /* word: its generation */
#define MIG_PAGE_PATTERN 2    /* first word of the pattern */

/* A word that is not what was last written there. */
typedef struct {
  uint64_t page;   /* its index */
  unsigned offset; /* byte in the page */
  uint64_t expected, found;
} MigPageDamage;

typedef struct {
  uint64_t *words; /* of the pages of a lap; not owned */
  uint64_t first;  /* index of the first page: 0, or that of a share of a working set */
  MigLaps laps;
  void (*damage) (const MigPageDamage *damage, void *opaque); /* called for each wrong word */
  void *opaque;
} MigPages;

/* mig_pages_init: words holds count (>= 1) pages. Touches none of them. */
void mig_pages_init (MigPages *pages, uint64_t *words, uint64_t count, bool random,
                     void (*damage) (const MigPageDamage *damage, void *opaque), void *opaque);

/* mig_pages_fill: writes every page whole. */
void mig_pages_fill (MigPages *pages);

/* mig_pages_update: the next n pages in order, laps without end: looks at index, generation and one
 * word of the pattern (another one each lap), reports and mends what is wrong, then writes the next
 * generation. */
void mig_pages_update (MigPages *pages, uint64_t n);

/* mig_pages_pattern: what word (MIG_PAGE_PATTERN ... MIG_PAGE_WORDS - 1) of a page must hold. */
uint64_t mig_pages_pattern (uint64_t page, unsigned word);

/* mig_pages_rotating_word: the word of the pattern that is looked at in that page in that lap. */
unsigned mig_pages_rotating_word (uint64_t page, uint64_t lap);
