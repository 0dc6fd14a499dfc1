/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "workloads/blocks.h"

/* checksum: of a block of zeros it is not 0. */
static uint64_t
checksum (const uint64_t *words)
{
  uint64_t sum = UINT64_C (0x6d6967636f737421);

  for (unsigned i = 0; i < MIG_BLOCK_CHECKSUM; i++)
    sum = (sum << 1 | sum >> 63) ^ words[i];
  return mig_permutation_mix (sum);
}

void
mig_block_fill (uint64_t *words, uint64_t index, uint64_t sequence)
{
  uint64_t seed = mig_permutation_mix (index + 1) ^ sequence;

  words[MIG_BLOCK_INDEX] = index;
  words[MIG_BLOCK_SEQUENCE] = sequence;
  for (unsigned i = MIG_BLOCK_PATTERN; i < MIG_BLOCK_CHECKSUM; i++)
    words[i] = seed += UINT64_C (0x9e3779b97f4a7c15);
  words[MIG_BLOCK_CHECKSUM] = checksum (words);
}

MigBlockState
mig_block_look (const uint64_t *words, uint64_t index, uint64_t sequence)
{
  if (words[MIG_BLOCK_CHECKSUM] != checksum (words))
    return MIG_BLOCK_CORRUPT;
  if (words[MIG_BLOCK_INDEX] != index)
    return MIG_BLOCK_MISPLACED;
  if (words[MIG_BLOCK_SEQUENCE] == sequence)
    return MIG_BLOCK_SOUND;
  return words[MIG_BLOCK_SEQUENCE] < sequence ? MIG_BLOCK_STALE : MIG_BLOCK_NEWER;
}

const char *
mig_block_state_text (MigBlockState state)
{
  static const char *const texts[] = { "sound", "corrupt", "misplaced", "stale", "newer" };
  return texts[state];
}

void
mig_blocks_init (MigBlocks *blocks, const MigBlockDevice *device, uint64_t *words, uint64_t first,
                 uint64_t count, bool random,
                 void (*damage) (const MigBlockDamage *damage, void *opaque), void *opaque)
{
  blocks->device = *device;
  blocks->words = words;
  blocks->first = first;
  blocks->damage = damage;
  blocks->opaque = opaque;
  mig_laps_init (&blocks->laps, count, random);
}

int
mig_blocks_fill (MigBlocks *blocks)
{
  int failure = 0;

  for (uint64_t done = 0; done < blocks->laps.count && !failure;)
    {
      uint64_t left = blocks->laps.count - done,
               n = left < MIG_BLOCK_CHUNK ? left : MIG_BLOCK_CHUNK;
      for (uint64_t i = 0; i < n; i++)
        mig_block_fill (blocks->words + i * MIG_BLOCK_WORDS, blocks->first + done + i, 1);
      failure = blocks->device.write (blocks->device.opaque, blocks->first + done, n,
                                      blocks->words);
      done += n;
    }
  return failure;
}

static void
report_failure (const MigBlocks *blocks, uint64_t index, int failure)
{
  const MigBlockDamage damage = { .index = index, .failure = failure };

  blocks->damage (&damage, blocks->opaque);
}

static void
update_block (MigBlocks *blocks, uint64_t index)
{
  const MigBlockDevice *device = &blocks->device;
  uint64_t expected = blocks->laps.lap + 1;
  int failure = device->read (device->opaque, index, 1, blocks->words);

  if (failure)
    report_failure (blocks, index, failure);
  else
    {
      MigBlockState state = mig_block_look (blocks->words, index, expected);
      const MigBlockDamage damage = { index, expected, blocks->words[MIG_BLOCK_SEQUENCE], state,
                                      0 };
      if (state != MIG_BLOCK_SOUND)
        blocks->damage (&damage, blocks->opaque);
    }
  mig_block_fill (blocks->words, index, expected + 1);
  failure = device->write (device->opaque, index, 1, blocks->words);
  if (failure)
    report_failure (blocks, index, failure);
}

void
mig_blocks_update (MigBlocks *blocks)
{
  update_block (blocks, blocks->first + mig_laps_take (&blocks->laps));
  mig_laps_done (&blocks->laps);
}
