"""Source of the Triton kernel; imported only where Triton is installed (see `kernel`)."""

import triton.language as tl


def fuse_rows(features, labels, covariance, mean, bias_mean, bias_covariance, bias_variance, result,
              rows, scale, min_var, sqrt_power,
              D: tl.constexpr, OUTPUTS: tl.constexpr, BLOCK_D: tl.constexpr, BLOCK_ROWS: tl.constexpr,
              POWER: tl.constexpr):
    """One tile of BLOCK_ROWS rows: v = Sigma h, q, m and the variance of each task, as in `moments`."""
    row = tl.program_id(0).to(tl.int64) * BLOCK_ROWS + tl.arange(0, BLOCK_ROWS)
    col = tl.arange(0, BLOCK_D)
    row_in, col_in = row < rows, col < D
    tile_in = row_in[:, None] & col_in[None, :]
    h = tl.load(features + row[:, None] * D + col[None, :], mask=tile_in, other=0.0)
    sigma = tl.load(covariance + col[:, None] * D + col[None, :], mask=col_in[:, None] & col_in[None, :], other=0.0)
    diagonal = tl.load(covariance + col * (D + 1), mask=col_in, other=1.0)
    with_bias = tl.load(bias_covariance + col, mask=col_in, other=0.0)

    v = tl.dot(h, sigma, input_precision="ieee") + with_bias[None, :]
    q = tl.sum(h * (v + with_bias[None, :]), axis=1) + tl.load(bias_variance)
    q = tl.maximum(q, 0.0)
    safe = tl.maximum(diagonal, 1.1754943508222875e-38)
    deviation = tl.sqrt(safe)
    squared = v * v
    slack = tl.maximum(q[:, None] - squared / safe[None, :], 0.0)
    base = squared + q[:, None] * tl.maximum(diagonal, 0.0)[None, :]

    weighted = tl.zeros((BLOCK_ROWS, BLOCK_D), dtype=tl.float32)
    total = tl.zeros((BLOCK_ROWS, BLOCK_D), dtype=tl.float32)
    for t in tl.static_range(OUTPUTS):
        mu = tl.load(mean + t * D + col, mask=col_in, other=0.0)
        y = tl.load(labels + row * OUTPUTS + t, mask=row_in, other=0.0)
        m = tl.sum(h * mu[None, :], axis=1) + tl.load(bias_mean + t) - y
        cross = m[:, None] * deviation[None, :] + v * (mu / deviation)[None, :]
        variance = 4.0 * (cross * cross + (mu * mu)[None, :] * slack + base)
        variance = tl.maximum(variance, min_var)
        if POWER:
            variance = tl.exp(sqrt_power * tl.log(variance))
        precision = 1.0 / variance
        weighted += precision * (2.0 * (v + m[:, None] * mu[None, :]))
        total += precision
    tl.store(result + row[:, None] * D + col[None, :], weighted / total * scale, mask=tile_in)
