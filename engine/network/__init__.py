"""The features that the methods compare: a frozen VGG up to conv4_1."""

from engine.network.device import pick_device
from engine.network.load import load_network
from engine.network.network import CHANNELS, LAYERS, STRIDES, Network

__all__ = ["CHANNELS", "LAYERS", "STRIDES", "Network", "load_network", "pick_device"]
