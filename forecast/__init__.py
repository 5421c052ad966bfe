"""What will happen: the LSTM, its baselines, their verification, and outlooks."""
