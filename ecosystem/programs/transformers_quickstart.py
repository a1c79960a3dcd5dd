"""transformers: training steps of small GPT-2 and BERT models made from a configuration."""

import torch
from transformers import BertConfig, BertForMaskedLM, GPT2Config, GPT2LMHeadModel

torch.manual_seed(0)
gpt = GPT2LMHeadModel(GPT2Config(vocab_size=50, n_positions=16, n_embd=24, n_layer=2, n_head=2))
tokens = torch.randint(0, 50, (3, 12))
gpt.train()
optimizer = torch.optim.AdamW(gpt.parameters(), lr=1e-3)
for step in range(2):
    optimizer.zero_grad()
    out = gpt(tokens, labels=tokens)
    out.loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(gpt.parameters(), 1.0)
    optimizer.step()
    print(f"gpt{step}", out.loss.item(), float(norm))
gpt.eval()
with torch.no_grad():
    written = gpt.generate(tokens[:1, :4], max_new_tokens=5, do_sample=False, pad_token_id=0)
print("written", *[float(n) for n in written[0]])

torch.manual_seed(0)
bert = BertForMaskedLM(
    BertConfig(vocab_size=50, hidden_size=24, num_hidden_layers=2, num_attention_heads=2, intermediate_size=48)
)
bert.train()
mask = torch.ones_like(tokens)
mask[:, 9:] = 0
optimizer = torch.optim.AdamW(bert.parameters(), lr=1e-3)
for step in range(2):
    optimizer.zero_grad()
    out = bert(tokens, attention_mask=mask, labels=tokens)
    out.loss.backward()
    optimizer.step()
    print(f"bert{step}", out.loss.item())
