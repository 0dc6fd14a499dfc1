/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "workloads/guest.h"

#define WORDS_MAX 64

const MigOption mig_option_common[] = {
  { .name = "period",
    .kind = MIG_OPTION_DURATION,
    .offset = offsetof (MigGuestOptions, period_ns),
    .minimum = MIG_OPTION_PERIOD_MIN_NS,
    .maximum = MIG_OPTION_PERIOD_MAX_NS,
    .fallback = "1s",
    .meaning = "time between heartbeats" },
  { .name = "threads",
    .kind = MIG_OPTION_NUMBER,
    .offset = offsetof (MigGuestOptions, threads),
    .minimum = 1,
    .maximum = MIG_GUEST_WORKERS_MAX,
    .fallback = "1",
    .meaning = "threads that work, one for each vCPU" },
  { .name = "off-after",
    .kind = MIG_OPTION_DURATION,
    .offset = offsetof (MigGuestOptions, off_after_ns),
    .minimum = 0,
    .maximum = MIG_GUEST_OFF_AFTER_MAX_MS * MIG_GUEST_NS_PER_MS,
    .fallback = "0s",
    .meaning = "time from ready to powering off; 0: never" },
  { .name = "address",
    .kind = MIG_OPTION_ADDRESS,
    .offset = offsetof (MigGuestOptions, address),
    .fallback = "none",
    .meaning = "of its network card, as in 10.112.1.1/16" },
  { .name = NULL },
};

static const struct {
  const char *suffix;
  uint64_t ns;
} duration_units[] = { { "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { "s", 1000000000 } };
#define N_DURATION_UNITS (sizeof duration_units / sizeof duration_units[0])

/* Decimal digits from the start of text; *rest is what follows them. */
static bool
parse_digits (const char *text, uint64_t *number, const char **rest)
{
  const char *at = text;
  uint64_t value = 0;

  for (; *at >= '0' && *at <= '9'; at++)
    {
      unsigned digit = (unsigned) (*at - '0');
      if (value > (UINT64_MAX - digit) / 10)
        return false;
      value = value * 10 + digit;
    }
  *number = value;
  *rest = at;
  return at != text;
}

static bool
parse_duration (const char *text, uint64_t *ns)
{
  const char *suffix;
  uint64_t number;

  if (!parse_digits (text, &number, &suffix))
    return false;
  for (size_t i = 0; i < N_DURATION_UNITS; i++)
    if (strcmp (suffix, duration_units[i].suffix) == 0)
      return !__builtin_mul_overflow (number, duration_units[i].ns, ns);
  return false;
}

/* parse_address: "10.112.1.1/16" */
static bool
parse_address (const char *text, uint64_t *value)
{
  const char *slash = strchr (text, '/'), *rest;
  char address[INET_ADDRSTRLEN] = "";
  struct in_addr in;
  uint64_t prefix;

  *value = 0;
  if (strcmp (text, "none") == 0)
    return true;
  if (!slash || (size_t) (slash - text) >= sizeof address)
    return false;
  memcpy (address, text, (size_t) (slash - text));
  if (inet_pton (AF_INET, address, &in) != 1 || !parse_digits (slash + 1, &prefix, &rest) ||
      *rest || prefix < 1 || prefix > 32)
    return false;
  *value = prefix << MIG_OPTION_ADDRESS_BITS | ntohl (in.s_addr);
  return true;
}

static bool
parse_value (const MigOption *option, const char *text, uint64_t *value)
{
  const char *rest;

  if (option->kind == MIG_OPTION_CHOICE)
    {
      for (uint64_t i = 0; option->choices[i]; i++)
        if (strcmp (option->choices[i], text) == 0)
          {
            *value = i;
            return true;
          }
      return false;
    }
  if (option->kind == MIG_OPTION_ADDRESS)
    return parse_address (text, value);
  if (option->kind == MIG_OPTION_DURATION ? !parse_duration (text, value)
                                          : !parse_digits (text, value, &rest) || *rest)
    return false;
  return *value >= option->minimum && *value <= option->maximum;
}

static void
describe_expected (const MigOption *option, char *text, size_t size)
{
  if (option->kind == MIG_OPTION_CHOICE)
    {
      size_t length = (size_t) snprintf (text, size, "one of");
      for (int i = 0; option->choices[i] && length < size; i++)
        length += (size_t) snprintf (text + length, size - length, " %s", option->choices[i]);
    }
  else if (option->kind == MIG_OPTION_ADDRESS)
    snprintf (text, size, "an IPv4 address and its prefix's length, or none");
  else if (option->kind == MIG_OPTION_DURATION)
    snprintf (text, size, "%" PRIu64 "ms to %" PRIu64 "ms, as in %s", option->minimum / 1000000,
              option->maximum / 1000000, option->fallback);
  else
    snprintf (text, size, "%" PRIu64 " to %" PRIu64, option->minimum, option->maximum);
}

static const MigOption *
find_in (const MigOption *table, const char *word, size_t length)
{
  for (; table && table->name; table++)
    if (strlen (table->name) == length && memcmp (table->name, word, length) == 0)
      return table;
  return NULL;
}

static uint64_t *
value_of (const MigOption *option, MigGuestOptions *options)
{
  return (uint64_t *) (void *) ((char *) options + option->offset);
}

static void
set_defaults (const MigOption *table, MigGuestOptions *options)
{
  for (; table && table->name; table++)
    parse_value (table, table->fallback, value_of (table, options));
}

/* The names of both tables, for the message about one that is in neither. */
static void
describe_names (const MigOption *own, char *text, size_t size)
{
  const MigOption *const tables[] = { mig_option_common, own };
  size_t length = 0;

  text[0] = '\0';
  for (int i = 0; i < 2; i++)
    for (const MigOption *option = tables[i]; option && option->name && length < size; option++)
      length += (size_t) snprintf (text + length, size - length, "%s%s", length ? " " : "",
                                   option->name);
}

static bool
parse_word (const MigOption *own, const char *word, MigGuestOptions *options,
            const MigOption **found, char *why, size_t size)
{
  const char *equals = strchr (word, '=');
  size_t length = equals ? (size_t) (equals - word) : strlen (word);
  const MigOption *option = find_in (mig_option_common, word, length);
  char expected[128];

  if (!option)
    option = find_in (own, word, length);
  if (!option)
    {
      describe_names (own, expected, sizeof expected);
      snprintf (why, size, "unknown parameter '%.40s': expected one of %s", word, expected);
      return false;
    }
  if (!equals || !parse_value (option, equals + 1, value_of (option, options)))
    {
      describe_expected (option, expected, sizeof expected);
      snprintf (why, size, "bad value '%.40s' of %s: expected %s (%s)", equals ? equals + 1 : "",
                option->name, expected, option->meaning);
      return false;
    }
  *found = option;
  return true;
}

bool
mig_option_parse (const MigOption *own, int count, char *const *words, MigGuestOptions *options,
                  char *why, size_t size)
{
  const MigOption *seen[WORDS_MAX];
  MigGuestOptions result;

  memset (&result, 0, sizeof result);
  set_defaults (mig_option_common, &result);
  set_defaults (own, &result);
  if (count > WORDS_MAX)
    {
      snprintf (why, size, "%d parameters are too many: expected at most %d", count, WORDS_MAX);
      return false;
    }
  for (int i = 0; i < count; i++)
    {
      if (!parse_word (own, words[i], &result, &seen[i], why, size))
        return false;
      for (int j = 0; j < i; j++)
        if (seen[j] == seen[i])
          {
            snprintf (why, size, "parameter '%s' is given twice: expected once", seen[i]->name);
            return false;
          }
    }
  *options = result;
  return true;
}
