"""What a network costs: parameters and floating-point operations by formula."""

from __future__ import annotations

from ..networks.architecture import SIZES, Architecture, of_size
from ..networks.encoder import PRESETS, layers, lengths, receptive_field, total_stride


def forward_flop(plan: Architecture, samples: int) -> float:
    """Operations of a forward pass of one window, a multiply-add counting two.

    Convolutions, projection, positional convolution, blocks, code logits of all frames and both heads.
    """
    stack, total, inputs = plan.convolutions, 0.0, plan.channels
    frames_of = lengths(stack, samples, plan.padding)
    for layer, frames in zip(stack, frames_of, strict=True):
        total += 2 * frames * layer.channels * inputs * layer.kernel_size
        inputs = layer.channels
    t, d = frames_of[-1], plan.width
    total += 2 * t * inputs * d
    total += 2 * (t + 1) * d * (d / 16) * plan.position_kernel
    total += plan.depth * (2 * t * (4 * d * d + 2 * d * plan.hidden) + 4 * t * t * d)
    total += 2 * t * inputs * plan.codebooks * plan.codes
    return total + 2 * t * (d * plan.code_width + plan.code_width * plan.code_width)


def parameters(plan: Architecture) -> int:
    """Trainable numbers of the network."""
    from ..objective.pretraining import GP2Vec

    return sum(p.numel() for p in GP2Vec(plan).parameters())


def rate_rows(samples: int = 3000) -> list[dict[str, object]]:
    """One row per frame-rate preset: kernels, strides, frames a second, frames of a window, receptive field."""
    rows = []
    for name, (kernels, strides) in PRESETS.items():
        stack = layers(name, (1,) * len(kernels))
        rows.append({"preset": name, "kernels": ", ".join(map(str, kernels)), "strides": ", ".join(map(str, strides)),
                     "stride": total_stride(stack), "frames per second": 100 / total_stride(stack),
                     "frames, valid": lengths(stack, samples, "valid")[-1],
                     "frames, same": lengths(stack, samples, "same")[-1],
                     "receptive field (s)": receptive_field(stack) / 100})
    return rows


def size_rows(sizes: tuple[str, ...] = tuple(SIZES), samples: int = 3000) -> list[dict[str, object]]:
    """One row per size: width, blocks, heads, parameters without metadata, operations of a step at 5 and 25 frames."""
    rows = []
    for size in sizes:
        plan = of_size(size, "hz5", norm="layer", fusion="none", padding="valid")
        dense = of_size(size, "hz25", norm="layer", fusion="none", padding="valid")
        rows.append({"size": size, "width": plan.width, "blocks": plan.depth, "heads": plan.heads,
                     "parameters": parameters(plan),
                     "GFLOP per window and step, 5 Hz": 3e-9 * forward_flop(plan, samples),
                     "25 Hz": 3e-9 * forward_flop(dense, samples)})
    return rows
