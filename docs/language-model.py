"""Counts text and writes the built-in model of characters that docs/model.md describes.

Usage: language-model.py OUT JIEBA_DICT TSCHARACTERS PAIRS TRIPLES TEXT...

PAIRS and TRIPLES say how many are kept at most (240000 and 290000). Each TEXT is a file with one paragraph a line; TEXT:4 takes every
fourth line of it.
"""
import sys,math,collections,zlib,re
import numpy as np
def klass(c):
    if '0'<=c<='9' or '０'<=c<='９': return '０'
    if c.isascii() and c.isalpha() or 'Ａ'<=c<='Ｚ' or 'ａ'<=c<='ｚ': return 'Ａ'
    if '!'<=c<='~': return chr(ord(c)+0xfee0)
    return c
def main(out,jieba,t2sfile,kbi,ktri,texts):
    t2s={}
    for l in open(t2sfile):
        p=l.rstrip('\n').split('\t')
        if len(p)==2: t2s[p[0]]=p[1].split()[0]
    uni=collections.Counter(); raw=[]
    for spec in texts:
        path,_,take=spec.partition(':'); take=int(take or 1)
        for n,l in enumerate(open(path)):
            if n%take: continue
            l=re.sub(r'[0-9０-９]+','0',l.strip()); l=re.sub(r'[A-Za-zＡ-Ｚａ-ｚ]+','a',l)
            l=''.join(t2s.get(c,c) for c in map(klass,l) if not c.isspace())
            raw.append(l); uni.update(l)
    words=[]
    for l in open(jieba):
        p=l.split(' ')
        if 2<=len(p[0])<=8 and all('\u4e00'<=c<='\u9fff' for c in p[0]) : words.append((''.join(t2s.get(c,c) for c in p[0]),int(p[1])))
    for w,f in words:
        for c in w: uni[c]+=0.02*f
    keep=[c for c,n in uni.most_common() if n>=2 and ('\u3400'<=c<='\u9fff' or c in '０Ａ，。、；：？！“”‘’（）《》—…·％－／．')]
    vocab=['\n']+keep; ids={c:i+1 for i,c in enumerate(vocab)}
    V=len(vocab)+1
    arr=[1]
    for l in raw:
        arr.extend(ids.get(c,0) for c in l); arr.append(1)
    a=np.array(arr,dtype=np.int64); print('tokens',len(a),'vocab',V)
    B=1<<14
    assert V<B
    def count(keys,w=None):
        if w is None: u,c=np.unique(keys,return_counts=True); return u,c.astype(float)
        u,inv=np.unique(keys,return_inverse=True); return u,np.bincount(inv,weights=w)
    # dictionary n-grams
    d2k,d2w,d3k,d3w=[],[],[],[]
    for w,f in words:
        i=[ids.get(c,0) for c in w]; x=0.02*f+ (0.6 if f>=3 else 0)
        for p,q in zip(i,i[1:]):
            if p and q: d2k.append(p*B+q); d2w.append(x)
        for p,q,r in zip(i,i[1:],i[2:]):
            if p and q and r: d3k.append((p*B+q)*B+r); d3w.append(x)
    ok=(a[:-1]>0)&(a[1:]>0); k2=(a[:-1]*B+a[1:])[ok]
    k2=np.concatenate([k2,np.array(d2k)]); w2=np.concatenate([np.ones(ok.sum()),np.array(d2w)])
    u2,c2=count(k2,w2)
    ok=(a[:-2]>0)&(a[1:-1]>0)&(a[2:]>0)&(a[1:-1]!=1); k3=((a[:-2]*B+a[1:-1])*B+a[2:])[ok]
    k3=np.concatenate([k3,np.array(d3k)]); w3=np.concatenate([np.ones(ok.sum()),np.array(d3w)])
    u3,c3=count(k3,w3)
    print('bigrams',len(u2),'trigrams',len(u3))
    n1=np.bincount(a,minlength=V).astype(float)[:V]
    for w,f in words:
        for c in w:
            if c in ids: n1[ids[c]]+=0.02*f
    n1[0]=0; P1=(n1+.5)/(n1.sum()+.5*V)
    # bigrams
    D2=.7; b=u2//B; c=u2%B
    tot=np.bincount(b,weights=c2,minlength=V); types=np.bincount(b,weights=np.minimum(c2,D2),minlength=V)
    lam=np.where(tot>0,types/np.maximum(tot,1e-9),1.)
    P2=np.maximum(c2-D2,0)/tot[b]+lam[b]*P1[c]
    P2d=dict()
    # trigram
    D3=.8; ab=u3//B; c_=u3%B; bc=u3%(B*B)
    uab,inv=np.unique(ab,return_inverse=True)
    t3=np.bincount(inv,weights=c3); ty=np.bincount(inv,weights=np.minimum(c3,D3))
    i2=np.searchsorted(u2,bc); i2=np.minimum(i2,len(u2)-1); has=u2[i2]==bc
    bb=bc//B
    P2bc=np.where(has,P2[i2],lam[bb]*P1[c_])
    P3=np.maximum(c3-D3,0)/t3[inv]+(ty/t3)[inv]*P2bc
    # choose
    k2sel=(c2>=2)|False
    g2=c2*np.log2(P2/(lam[b]*P1[c])+1e-12)
    order=np.argsort(-np.where(c2>=1.5,g2,-1e9))[:kbi]; s2=np.zeros(len(u2),bool); s2[order]=True; s2&=c2>=1.5
    par=np.isin(ab,u2[s2]); ok3=(c3>=2.5)&par
    g3=c3*np.log2(P3/P2bc)
    # what would be spent without it: backoff of the context is about ty/t3
    bo=(ty/t3)[inv]*P2bc; g3=c3*np.log2(P3/np.maximum(bo,1e-12))*0.5+g3*0.5
    order=np.argsort(-np.where(ok3,g3,-1e9))[:ktri]; s3=np.zeros(len(u3),bool); s3[order]=True; s3&=ok3
    print('kept',s2.sum(),s3.sum())
    # back-off weights
    def cost(p): return np.clip(np.round(-np.log2(np.maximum(p,1e-12))*4),0,127).astype(int)
    sum2=np.bincount(b[s2],weights=P2[s2],minlength=V); low=np.bincount(b[s2],weights=P1[c[s2]],minlength=V)
    bow1=np.clip((1-sum2)/np.maximum(1-low,1e-9),1e-4,1)
    P2k={}
    sel2=np.where(s2)[0]
    keptset=u2[sel2]
    i2k=np.searchsorted(keptset,bc); i2k=np.minimum(i2k,len(keptset)-1); hask=keptset[i2k]==bc
    Pk=np.where(hask,P2[sel2][i2k],bow1[bb]*P1[c_])
    sum3=np.bincount(inv[s3],weights=P3[s3],minlength=len(uab)); low3=np.bincount(inv[s3],weights=Pk[s3],minlength=len(uab))
    bow2=np.clip((1-sum3)/np.maximum(1-low3,1e-9),1e-4,4)
    # write
    def varint(n,o):
        while n>=128: o.append(n&127|128); n>>=7
        o.append(n)
    body=bytearray(); varint(V-1,body)
    c1=cost(P1); cb1=np.clip(np.round(-np.log2(bow1)*4),0,127).astype(int)
    for i in range(1,V):
        body+=vocab[i-1].encode(); body.append(c1[i]); body.append(cb1[i])
    kids=collections.defaultdict(list)
    for i in np.where(s3)[0]: kids[int(ab[i])].append((int(c_[i]),int(cost(P3[i:i+1])[0])))
    bowab={int(x):float(y) for x,y in zip(uab,bow2)}
    rows=collections.defaultdict(list); cc2=cost(P2)
    for i in sel2: rows[int(b[i])].append((int(c[i]),int(cc2[i]),int(u2[i])))
    for i in range(1,V):
        r=rows.get(i,[]); varint(len(r),body); last=0
        for second,co,key in r:
            ch=kids.get(key,[]); varint(second-last,body); last=second
            body.append(co|(128 if ch else 0))
            if ch:
                body.append(int(min(127,max(-128,round(-math.log2(bowab[key])*4))))&255)
                varint(len(ch),body); l2=0
                for third,co3 in sorted(ch):
                    varint(third-l2,body); l2=third; body.append(co3)
    head=f'jiaokan-model version=1 bytes={len(body)} crc32={zlib.crc32(bytes(body)):08x}\n'.encode()
    open(out,'wb').write(head+bytes(body)); print(out,len(body))
main(sys.argv[1],sys.argv[2],sys.argv[3],int(sys.argv[4]),int(sys.argv[5]),sys.argv[6:])
