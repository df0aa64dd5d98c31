"""Windows for a training, in an order that can be taken up again."""
