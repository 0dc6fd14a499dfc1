/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sort.h>
#include <math.h>

#include "summary/inference.h"

#define CONFIDENCE 0.95
/* What is left of two equal values after additions; and what two equal probabilities differ by. */
#define ROUNDING_RATIO 1e-12
#define TIE_RATIO 1e-7

/* smallest_p: of a permutation test of two samples. */
static double
smallest_p (guint n_a, guint n_b)
{
  return fmin (1, 2 / exp (gsl_sf_lnchoose (n_a + n_b, n_a)));
}

/* pooled: Student's t and degrees of the same difference, of samples with one variance. */
static double
pooled (const MigStat *a, const MigStat *b, double scale, double difference, double *degrees)
{
  *degrees = a->n + b->n - 2.0;
  double variance = ((a->n - 1) * a->sd * a->sd + (b->n - 1) * b->sd * b->sd) / *degrees;
  return difference / sqrt (variance * (scale * scale / a->n + 1.0 / b->n));
}

/* safe_degrees: where the numbers of values differ, and the smaller sample may be the one that
 * scatters more. */
static double
safe_degrees (guint n_a, guint n_b, double part_a, double part_b)
{
  guint fewer = MIN (n_a, n_b);
  gboolean less_certain = n_a < n_b ? part_a > part_b : part_b > part_a;

  return n_a != n_b && (less_certain || fewer < MIG_WELCH_TELLS) ? fewer - 1.0 : NAN;
}

/* tail: chance of at least t, by the test that finds it likelier. */
static double
tail (const MigWelch *test, int direction)
{
  double p = fmax (gsl_cdf_tdist_Q (direction * test->t, test->degrees),
                   gsl_cdf_tdist_Q (direction * test->pooled_t, test->pooled_degrees));

  return isnan (test->safe_degrees)
             ? p
             : fmax (p, gsl_cdf_tdist_Q (direction * test->t, test->safe_degrees));
}

void
mig_welch (MigWelch *result, const MigStat *a, const MigStat *b, double scale)
{
  *result = (MigWelch){ NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN };
  if (a->n < 2 || b->n < 2)
    return;
  double size = fmax (fabs (scale * a->mean), fabs (b->mean));
  double part_a = scale * scale * a->sd * a->sd / a->n, part_b = b->sd * b->sd / b->n;
  double error = sqrt (part_a + part_b);

  result->difference = b->mean - scale * a->mean;
  if (fabs (result->difference) <= size * ROUNDING_RATIO)
    result->difference = 0;
  if (error <= size * ROUNDING_RATIO)
    {
      result->p = result->difference == 0 ? 1 : smallest_p (a->n, b->n);
      return;
    }
  result->degrees = (part_a + part_b) * (part_a + part_b) /
                    (part_a * part_a / (a->n - 1) + part_b * part_b / (b->n - 1));
  result->t = result->difference / error;
  double half = gsl_cdf_tdist_Pinv ((1 + CONFIDENCE) / 2, result->degrees) * error;
  result->low = result->difference - half;
  result->high = result->difference + half;
  result->pooled_t = pooled (a, b, scale, result->difference, &result->pooled_degrees);
  result->safe_degrees = safe_degrees (a->n, b->n, part_a, part_b);
  result->p = 2 * tail (result, result->t < 0 ? -1 : 1);
}

/* one_side: p of one of two such tests: b's mean is not beyond scale x a's in a direction. */
static double
one_side (const MigStat *a, const MigStat *b, double scale, int direction)
{
  MigWelch test;

  mig_welch (&test, a, b, scale);
  if (isnan (test.t))
    return test.difference * direction > 0 ? test.p : isnan (test.p) ? NAN : 1;
  return fmin (1, 2 * tail (&test, direction));
}

double
mig_welch_beyond (const MigStat *a, const MigStat *b, double margin, int *direction)
{
  double outward = a->mean < 0 ? -margin : margin;

  *direction = b->mean > a->mean ? 1 : -1;
  return one_side (a, b, 1 + *direction * outward, *direction);
}

double
mig_fisher (guint hits_a, guint n_a, guint hits_b, guint n_b)
{
  guint hits = hits_a + hits_b, misses = n_a + n_b - hits;
  double observed = gsl_ran_hypergeometric_pdf (hits_a, hits, misses, n_a), sum = 0;

  for (guint k = 0; k <= MIN (hits, n_a); k++)
    {
      double p = gsl_ran_hypergeometric_pdf (k, hits, misses, n_a);
      if (p <= observed * (1 + TIE_RATIO))
        sum += p;
    }
  return fmin (1, sum);
}

void
mig_holm (double *p, guint n)
{
  g_autofree size_t *order = g_new (size_t, n + 1);
  g_autofree double *known = g_new (double, n + 1);
  g_autofree guint *where = g_new (guint, n + 1);
  guint m = 0;
  double largest = 0;

  for (guint i = 0; i < n; i++)
    if (!isnan (p[i]))
      {
        known[m] = p[i];
        where[m++] = i;
      }
  if (m > 0)
    gsl_sort_index (order, known, 1, m);
  for (guint i = 0; i < m; i++)
    {
      largest = fmax (largest, fmin (1, (m - i) * known[order[i]]));
      p[where[order[i]]] = largest;
    }
}
