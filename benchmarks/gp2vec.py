"""GP2Vec's pre-training step beside `transformers`' wav2vec 2.0 (eager), in one run, printed as a ratio.

    python benchmarks/gp2vec.py [--size small] [--batch 8] [--rates hz5 hz25] [--steps 3] [--threads 2] [--device cpu]

Both train the same architecture (convolutions without padding: 142 and 739 frames of 3000 samples, layer norm, Gumbel
quantiser, 100 distractors) with AdamW and clipping. The reference draws masks and distractors on the host with its own
functions; ours draws them on the device. On a GPU both run in bf16, ours also as one CUDA graph. "host" is the time of
a step that the host spends before it waits for the device, as a share of the step.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import torch

from quakebook.gp2vec.data.masking import SpanMask
from quakebook.gp2vec.networks.architecture import Architecture, of_size
from quakebook.gp2vec.objective.pretraining import GP2Vec, Objective
from quakebook.gp2vec.objective.step import draw, pretraining_step
from quakebook.training.allocator import keep_freed_memory

SAMPLES = 3000


def reference(plan: Architecture) -> torch.nn.Module:
    """The same architecture in `transformers`, its first convolution widened to three components."""
    from transformers import Wav2Vec2Config, Wav2Vec2ForPreTraining

    stack = plan.convolutions
    model = Wav2Vec2ForPreTraining(Wav2Vec2Config(
        hidden_size=plan.width, num_hidden_layers=plan.depth, num_attention_heads=plan.heads,
        intermediate_size=plan.hidden, hidden_dropout=0.0, attention_dropout=0.0, activation_dropout=0.0,
        feat_proj_dropout=0.0, feat_quantizer_dropout=0.0, layerdrop=0.0, feat_extract_norm="layer",
        conv_dim=[c.channels for c in stack], conv_kernel=[c.kernel_size for c in stack],
        conv_stride=[c.stride for c in stack], conv_bias=True, do_stable_layer_norm=True,
        num_codevectors_per_group=plan.codes, codevector_dim=plan.code_width, proj_codevector_dim=plan.code_width,
        num_negatives=100, attn_implementation="eager"))
    first = model.wav2vec2.feature_extractor.conv_layers[0]
    first.conv = torch.nn.Conv1d(3, stack[0].channels, stack[0].kernel_size, stack[0].stride)

    def extract(self: torch.nn.Module, values: torch.Tensor) -> torch.Tensor:
        for layer in self.conv_layers:
            values = layer(values)
        return values

    model.wav2vec2.feature_extractor.forward = extract.__get__(model.wav2vec2.feature_extractor)
    return model


def reference_step(plan: Architecture, x: torch.Tensor) -> Callable[[], None]:
    """One step as a user of `transformers` writes it."""
    from transformers.models.wav2vec2.modeling_wav2vec2 import _compute_mask_indices, _sample_negative_indices

    model = reference(plan).to(x.device).train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-4)
    frames = GP2Vec(plan).frames(SAMPLES)

    def step() -> None:
        mask = _compute_mask_indices((len(x), frames), 0.65, 10, min_masks=2)
        negatives = _sample_negative_indices((len(x), frames), 100, mask)
        mask, negatives = torch.from_numpy(mask).to(x.device), torch.from_numpy(negatives).to(x.device)
        optimiser.zero_grad(set_to_none=True)
        with torch.autocast(x.device.type, torch.bfloat16, enabled=x.device.type == "cuda"):
            out = model(x, mask_time_indices=mask, sampled_negative_indices=negatives)
            loss = out.loss / mask.sum()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()

    return step


def our_step(plan: Architecture, x: torch.Tensor, capture: bool) -> Callable[[], None]:
    """Our step with masks and distractors; with `capture` as one CUDA graph."""
    cuda = x.device.type == "cuda"
    model = GP2Vec(plan, Objective(SpanMask())).to(x.device).train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-4, fused=True, capturable=cuda)
    frames = model.frames(SAMPLES)

    def clip() -> None:
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)

    def step() -> None:
        with torch.autocast(x.device.type, torch.bfloat16, enabled=cuda):
            batch = {"waveforms": x, "normalize": False, **draw(model.objective, len(x), frames, None, x.device)}
            pretraining_step(model, optimiser, lambda loss: loss.backward(), clip, batch)

    if not capture:
        return step
    side = torch.cuda.Stream()
    with torch.cuda.stream(side):
        for _ in range(3):
            step()
    torch.cuda.synchronize()
    optimiser.zero_grad(set_to_none=True)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return graph.replay


def timed(step: Callable[[], None], steps: int, device: torch.device) -> tuple[float, float]:
    """Median seconds of a step, and the share of it that the host is busy."""
    step()
    seconds, host = [], []
    for _ in range(steps):
        if device.type == "cuda":
            torch.cuda.synchronize()
        began = time.perf_counter()
        step()
        host.append(time.perf_counter() - began)
        if device.type == "cuda":
            torch.cuda.synchronize()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds), statistics.median(host) / statistics.median(seconds)


def sampling_share(plan: Architecture, x: torch.Tensor, seconds: float) -> float:
    """Time that masks and distractors take on a CPU, as a share of a step."""
    rule, frames = Objective(SpanMask()), GP2Vec(plan).frames(SAMPLES)
    draw(rule, len(x), frames, None, x.device)
    began = time.perf_counter()
    for _ in range(3):
        draw(rule, len(x), frames, None, x.device)
    return (time.perf_counter() - began) / 3 / seconds


def flop(plan: Architecture, batch: int) -> float:
    """Multiply-adds (two each) of a step, three times those of the forward pass."""
    from quakebook.gp2vec.studies.cost import forward_flop

    return 3.0 * batch * forward_flop(plan, SAMPLES)


def device_rate() -> float:
    """bf16 FLOP per second of a matrix product of 8192 x 8192."""
    a = torch.randn(8192, 8192, device="cuda", dtype=torch.bfloat16)
    for _ in range(3):
        a @ a
    torch.cuda.synchronize()
    began = time.perf_counter()
    for _ in range(20):
        a @ a
    torch.cuda.synchronize()
    return 20 * 2 * 8192**3 / (time.perf_counter() - began)


def main() -> None:
    """Print one line per frame rate."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="small", choices=("tiny", "small", "base", "large"))
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rates", nargs="+", default=["hz5", "hz25"])
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    device = torch.device(options.device)
    best = device_rate() if device.type == "cuda" else 0.0
    for rate in options.rates:
        torch.manual_seed(0)
        plan = of_size(options.size, rate, norm="layer", padding="valid", fusion="none", dropout=0.0,
                       attention_dropout=0.0, feature_dropout=0.0)
        x = torch.randn(options.batch, 3, SAMPLES, device=device)
        theirs, their_host = timed(reference_step(plan, x), options.steps, device)
        if device.type == "cpu":
            keep_freed_memory()
        ours, host = timed(our_step(plan, x, capture=False), options.steps, device)
        line = (f"{options.size} {rate}, batch {options.batch}, {device}: transformers {1000 * theirs:.0f} ms, ours "
                f"{1000 * ours:.0f} ms, ratio {theirs / ours:.2f}")
        if device.type == "cuda":
            work = flop(plan, options.batch)
            captured, host = timed(our_step(plan, x, capture=True), options.steps, device)
            line += (f"; captured {1000 * captured:.1f} ms, ratio {theirs / captured:.2f}, host {100 * host:.1f} % "
                     f"(transformers {100 * their_host:.0f} %), {work / captured / 1e12:.0f} TFLOP/s = "
                     f"{100 * work / captured / best:.0f} % of a matrix product's rate")
        else:
            line += f", masks and distractors {100 * sampling_share(plan, x, ours):.1f} % of our step"
        print(line, flush=True)


if __name__ == "__main__":
    main()
