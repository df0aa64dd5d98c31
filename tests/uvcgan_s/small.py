"""A small configuration that exercises every part of the published one."""

from __future__ import annotations

from quakebook.uvcgan_s.settings import NetworkConfig

SMALL = NetworkConfig(features=16, heads=2, blocks=2, feed_forward=24, embed=12, levels=(8, 12), critic_levels=(4, 8),
                      critic_blocks=1)
SHAPES = ((1, 8, 16),) * 3
