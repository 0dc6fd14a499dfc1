/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "workloads/laps.h"

/* Blocks of a disk that know what they must hold. Each is 512 words of 64 bits: its own index, its
 * sequence number (how often it was written; 1 after the first fill), a pattern drawn from both and
 * from the place, and a checksum of all that. A lap updates every block exactly once, so that the
 * sequence number which a block must have follows from the lap. */
#define MIG_BLOCK_BYTES 4096
#define MIG_BLOCK_WORDS 512
#define MIG_BLOCK_INDEX 0      /* word: the block's index */
#define MIG_BLOCK_SEQUENCE 1   /* word: its sequence number */
#define MIG_BLOCK_PATTERN 2    /* first word of the pattern */
#define MIG_BLOCK_CHECKSUM 511 /* word: the checksum */

typedef enum {
  MIG_BLOCK_SOUND,
  MIG_BLOCK_CORRUPT,   /* its checksum is wrong: torn, or never written so */
  MIG_BLOCK_MISPLACED, /* another block's content */
  MIG_BLOCK_STALE,     /* what it held before: a write was lost */
  MIG_BLOCK_NEWER      /* what it is still to hold: somebody else writes to it */
} MigBlockState;

/* mig_block_fill: what a block must hold. */
void mig_block_fill (uint64_t *words, uint64_t index, uint64_t sequence);

/* mig_block_look: what is the matter with a block that was read. */
MigBlockState mig_block_look (const uint64_t *words, uint64_t index, uint64_t sequence);

/* mig_block_state_text: "stale" and the like. */
const char *mig_block_state_text (MigBlockState state);

/* Where blocks are; n of them from an index on. Return 0 or an errno. */
typedef struct {
  int (*read) (void *opaque, uint64_t index, uint64_t n, uint64_t *words);
  int (*write) (void *opaque, uint64_t index, uint64_t n, const uint64_t *words);
  void *opaque;
} MigBlockDevice;

/* A block that was not as it must be, or (failure, an errno) that could not be read or written. */
typedef struct {
  uint64_t index, expected, found; /* sequence numbers */
  MigBlockState state;
  int failure;
} MigBlockDamage;

#define MIG_BLOCK_CHUNK 64 /* blocks that are filled at once */

typedef struct {
  MigBlockDevice device;
  uint64_t *words; /* MIG_BLOCK_CHUNK blocks, aligned as the device wants; not owned */
  uint64_t first;
  MigLaps laps;
  void (*damage) (const MigBlockDamage *damage, void *opaque); /* called for each wrong block */
  void *opaque;
} MigBlocks;

/* mig_blocks_init: count (>= 1) blocks from first on. Touches none of them. */
void mig_blocks_init (MigBlocks *blocks, const MigBlockDevice *device, uint64_t *words,
                      uint64_t first, uint64_t count, bool random,
                      void (*damage) (const MigBlockDamage *damage, void *opaque), void *opaque);

/* mig_blocks_fill: writes every block. Returns 0 or an errno. */
int mig_blocks_fill (MigBlocks *blocks);

/* mig_blocks_update: the next block in order, laps without end: reads it, reports what is wrong,
 * and writes it with its next sequence number. */
void mig_blocks_update (MigBlocks *blocks);
